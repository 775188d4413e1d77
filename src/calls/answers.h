/// Letters of other owners: opened, and answered when the node is left to itself.
#pragma once

#include "calls/exchange.h"
#include "interfaces/call_batches.h"
#include "reward/call_mail.h"

namespace emc::calls {

class Letters;

/// A letter, and who brought it.
struct ArrivedLetter {
    reward::CallMail mail;
    std::string peer;

    /// A batch in it, for the log.
    [[nodiscard]] std::string Of(const interfaces::BatchInfo& info) const;
};

/// Of the thread "callmail".
class Answers
{
public:
    /// All of them must outlive it.
    Answers(const Exchange::Own& own, const BatchDeps& rooms, Letters& letters)
        : m_store(own.store), m_batches(own.batches), m_rooms(rooms), m_letters(letters)
    {}

    /// Takes in what a letter brings, unless it is for somebody else; with `automatic` a batch is signed or
    /// refused, too. The log tells what cannot be taken in, with number and peer.
    void Read(const ArrivedLetter& arrived, bool automatic);

private:
    void ReadBatch(const ArrivedLetter& arrived, base::ByteSpan bytes, bool automatic);
    void ReadRefusal(const ArrivedLetter& arrived, base::ByteSpan bytes);
    [[nodiscard]] std::string NotKept(const reward::CallBatch& batch) const;
    [[nodiscard]] std::string TooDifferent(const interfaces::BatchInfo& info, const ArrivedLetter& arrived);
    void Answer(const interfaces::BatchInfo& info, const ArrivedLetter& arrived);
    void RefuseFor(const interfaces::BatchInfo& info, const std::string& why, const ArrivedLetter& arrived);
    void AnswerAgain(const interfaces::BatchInfo& info, const ArrivedLetter& arrived);
    void Decline(const base::Hash256& id, const std::string& why, const ArrivedLetter& arrived);

    BatchStore& m_store;
    Batches& m_batches;
    const BatchDeps& m_rooms;
    Letters& m_letters;
};

} // namespace emc::calls
