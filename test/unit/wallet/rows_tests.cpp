// Rows of a wallet file: what is written is read, everything else is refused.

#include "crypto/random.h"
#include "wallet/rows.h"
#include "wallet/vault.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using base::Bytes;
using base::ByteSpan;
using wallet::RowKind;
using wallet::TxState;

namespace {

wallet::TransactionRow SampleRow()
{
    primitives::MutableTransaction fields;
    fields.inputs.resize(1);
    fields.inputs[0].witness = {{1, 2, 3}};
    fields.outputs.push_back({7, {1, 2}});
    wallet::TransactionRow row;
    row.tx = primitives::MakeTx(fields);
    row.state = TxState::Confirmed;
    row.received = 1'700'000'000;
    row.order = 12;
    row.height = 5;
    row.block.bytes.fill(3);
    row.comment = "rent";
    row.comment_to = "Bob";
    row.from_me = true;
    return row;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wallet_rows)

BOOST_AUTO_TEST_CASE(transactions_come_back)
{
    const auto row = SampleRow();
    const auto change = wallet::MakeRow(row);
    BOOST_CHECK(wallet::KindOf(change.key) == RowKind::Transaction);
    const auto read = wallet::ReadTransactionRow(*change.value);
    BOOST_REQUIRE(read);
    BOOST_CHECK(read->tx->Wtxid() == row.tx->Wtxid());
    BOOST_CHECK(read->state == row.state && read->received == row.received && read->order == row.order);
    BOOST_CHECK(read->height == row.height && read->block == row.block);
    BOOST_CHECK(read->comment == row.comment && read->comment_to == row.comment_to);
    BOOST_CHECK(read->from_me && !read->generated);
    for (size_t size = 0; size < change.value->size(); ++size)
        BOOST_CHECK(!wallet::ReadTransactionRow(ByteSpan(*change.value).first(size)));
    Bytes longer = *change.value;
    longer.push_back(0);
    BOOST_CHECK(!wallet::ReadTransactionRow(longer));
    Bytes flags = *change.value;
    flags.back() = 0x80;
    BOOST_CHECK(!wallet::ReadTransactionRow(flags));
    BOOST_CHECK(!wallet::RemoveRow(row.tx->Txid()).value);
    BOOST_CHECK(wallet::RemoveRow(row.tx->Txid()).key == change.key);
}

BOOST_AUTO_TEST_CASE(pool_is_not_stored_and_states_must_fit)
{
    auto row = SampleRow();
    row.state = TxState::InPool;
    row.height = -1;
    row.block = {};
    BOOST_CHECK(wallet::ReadTransactionRow(*wallet::MakeRow(row).value)->state == TxState::Inactive);
    row.state = TxState::Confirmed; // without a block
    BOOST_CHECK(!wallet::ReadTransactionRow(*wallet::MakeRow(row).value));
    row.state = TxState::Inactive;
    row.height = 4;
    BOOST_CHECK(!wallet::ReadTransactionRow(*wallet::MakeRow(row).value));
    row.state = TxState::Conflicted;
    BOOST_CHECK(wallet::ReadTransactionRow(*wallet::MakeRow(row).value));
}

BOOST_AUTO_TEST_CASE(small_rows_come_back)
{
    const auto header = wallet::MakeRow(wallet::HeaderRow{1, "regtest", 99});
    const auto read = wallet::ReadHeaderRow(*header.value);
    BOOST_REQUIRE(read);
    BOOST_CHECK(read->network == "regtest" && read->birth_time == 99);
    Bytes newer = *wallet::MakeRow(wallet::HeaderRow{2, "main", 1}).value;
    newer.push_back(1);
    BOOST_CHECK_EQUAL(wallet::ReadHeaderRow(newer)->version, 2u); // so that the message can say it
    Bytes longer = *header.value;
    longer.push_back(1);
    BOOST_CHECK(!wallet::ReadHeaderRow(longer));

    const auto counter = wallet::MakeNextIndexRow({2, 1}, 70'000);
    BOOST_CHECK((wallet::ReadChainKey(counter.key) == wallet::ChainId{2, 1}));
    BOOST_CHECK_EQUAL(*wallet::ReadNextIndex(*counter.value), 70'000u);
    BOOST_CHECK(!wallet::ReadNextIndex(Bytes{1, 2, 3}));
    BOOST_CHECK(!wallet::ReadChainKey(Bytes{'C', 1}));

    crypto::TestRandom random(3);
    for (const bool compressed : {true, false}) {
        const auto key = crypto::PrivateKey::Generate(random, compressed);
        const Bytes secret = wallet::ImportedSecret(key);
        const auto again = wallet::ReadImportedSecret(secret);
        BOOST_REQUIRE(again);
        BOOST_CHECK(again->Public() == key.Public());
        BOOST_CHECK(!wallet::ReadImportedSecret(ByteSpan(secret).first(32)));
        const auto row = wallet::MakeImportedPublicRow(key.Public());
        BOOST_CHECK(wallet::ReadImportedPublicRow(row.key, *row.value) == key.Public());
        BOOST_CHECK(!wallet::ReadImportedPublicRow(Bytes{'k', 1}, *row.value));
        BOOST_CHECK(!wallet::ReadImportedPublicRow(row.key, Bytes(33, 9)));
    }
    BOOST_CHECK(!wallet::ReadImportedSecret(Bytes(33, 0)));

    const auto label = wallet::MakeLabelRow(Bytes{5, 6}, "x");
    const auto script = wallet::LabelScript(label.key);
    BOOST_CHECK((Bytes(script.begin(), script.end()) == Bytes{5, 6}));

    wallet::SyncedRow synced;
    synced.height = 8;
    synced.locator.resize(3);
    synced.locator[1].bytes.fill(4);
    const auto back = wallet::ReadSyncedRow(*wallet::MakeRow(synced).value);
    BOOST_REQUIRE(back);
    BOOST_CHECK(back->height == 8 && back->locator == synced.locator);
    synced.locator.resize(65);
    BOOST_CHECK(!wallet::ReadSyncedRow(*wallet::MakeRow(synced).value));

    wallet::KeyIdsRow ids;
    ids.chain = {1, 0};
    ids.number = 0x01020304;
    ids.ids.resize(wallet::KEY_IDS_PER_ROW);
    ids.ids[7].bytes.fill(9);
    const auto ids_row = wallet::MakeRow(ids);
    const auto ids_back = wallet::ReadKeyIdsRow(ids_row.key, *ids_row.value);
    BOOST_REQUIRE(ids_back);
    BOOST_CHECK(ids_back->chain == ids.chain && ids_back->number == ids.number && ids_back->ids == ids.ids);
    BOOST_CHECK(!wallet::ReadKeyIdsRow(ids_row.key, Bytes(20)));
    BOOST_CHECK(!wallet::ReadKeyIdsRow(Bytes{'I'}, *ids_row.value));
}

BOOST_AUTO_TEST_CASE(rows_of_keys)
{
    crypto::TestRandom random(5);
    wallet::AccountRow account{2, {1, 2, 3, 4}, {}};
    account.key = script::ExtPrivateKey::FromSeed(Bytes(32, 7))->Derive(script::HARDENED)->Neuter();
    const auto row = wallet::MakeRow(account);
    const auto again = wallet::ReadAccountRow(row.key, *row.value);
    BOOST_REQUIRE(again);
    BOOST_CHECK(again->key == account.key && again->root == account.root && again->type == 2);
    Bytes damaged = *row.value;
    damaged[45] = 9; // no public key begins so
    BOOST_CHECK(!wallet::ReadAccountRow(row.key, damaged));
    BOOST_CHECK(!wallet::ReadAccountRow(Bytes{'P'}, *row.value));

    wallet::DescriptorRow descriptor{"raw(51)", 3, 9, 5, 77, true, true};
    const auto stored = wallet::MakeRow(descriptor);
    const auto back = wallet::ReadDescriptorRow(*stored.value);
    BOOST_REQUIRE(back);
    BOOST_CHECK(back->text == descriptor.text && back->begin == 3 && back->end == 9 && back->next == 5);
    BOOST_CHECK(back->created == 77 && back->active && back->internal);
    descriptor.begin = 10;
    BOOST_CHECK(!wallet::ReadDescriptorRow(*wallet::MakeRow(descriptor).value));

    wallet::MasterRow master;
    master.sealed.assign(60, 5);
    const auto sealed = wallet::MakeRow(master);
    BOOST_CHECK(wallet::ReadMasterRow(*sealed.value) == master);
    master.cost.log2_n = 23; // would take a gigabyte
    BOOST_CHECK(!wallet::ReadMasterRow(*wallet::MakeRow(master).value));
    master.cost.log2_n = 15;
    master.sealed.pop_back();
    BOOST_CHECK(!wallet::ReadMasterRow(*wallet::MakeRow(master).value));
}

BOOST_AUTO_TEST_CASE(unknown_kinds_are_left)
{
    BOOST_CHECK(!wallet::KindOf({}));
    BOOST_CHECK(!wallet::KindOf(Bytes{'?'}));
    for (const auto kind : {RowKind::Header, RowKind::Master, RowKind::Seed, RowKind::Phrase,
                            RowKind::Account, RowKind::NextIndex, RowKind::KeyIds, RowKind::Imported,
                            RowKind::ImportedPublic, RowKind::Descriptor, RowKind::DescriptorSecret,
                            RowKind::Label, RowKind::Transaction, RowKind::Synced})
        BOOST_CHECK(wallet::KindOf(Bytes{static_cast<uint8_t>(kind), 1}) == kind);
}

BOOST_AUTO_TEST_SUITE_END()
