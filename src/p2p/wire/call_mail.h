/// Mail between owners of telephone numbers, passed on from node to node.
#pragma once

#include "p2p/wire/fields.h"
#include "reward/call_mail.h"

namespace emc::p2p {

struct CallMailMessage {
    static constexpr std::string_view COMMAND = "callmail";
    reward::CallMail mail;

    bool operator==(const CallMailMessage&) const = default;

    void Write(codec::Writer& out) const { reward::WriteMail(out, mail); }

    void Read(FieldReader& in) { mail = reward::ReadMail(in.Field("mail")); }
};

} // namespace emc::p2p
