#include "app/cli_views.h"

#include "base/clock.h"
#include "base/log.h"
#include "names/op_codec.h"

#include <algorithm>
#include <iostream>

namespace emc::app {

namespace {

using base::Unexpected;
using codec::Json;

/// The result of a call without which there is nothing to show; else the failure is printed, and the exit
/// status given.
base::Expected<Json, int> Need(const CliAsk& ask, const std::string& method,
                               const std::vector<std::string>& words = {})
{
    auto outcome = ask(method, words);
    if (!outcome) {
        std::cerr << "error: " << outcome.Error() << "\n";
        return Unexpected(1);
    }
    if (outcome->exit_status != 0) return Unexpected(PrintError(*outcome));
    return std::move(outcome->result);
}

/// getblockchaininfo, getmempoolinfo, getdnsinfo and getwalletinfo on one screen.
int PrintInfo(const CliAsk& ask, const std::vector<std::string>&)
{
    std::string text;
    const auto chain = Need(ask, "getblockchaininfo");
    if (!chain) return chain.Error();
    const auto field = [](const Json& object, const char* key) { return object[key].getValStr(); };
    const Json& c = *chain;
    text += "Chain: " + field(c, "chain") + "\nBlocks: " + field(c, "blocks") +
            "\nHeaders: " + field(c, "headers");
    const double progress = std::strtod(field(c, "verificationprogress").c_str(), nullptr);
    text += base::Format("\nVerification progress: %.4f %%", progress * 100);
    text += "\nDifficulty: " + field(c, "difficulty") + "\n";
    if (const auto pool = ask("getmempoolinfo", {}); pool && pool->exit_status == 0) {
        text += "\nMempool: " + field(pool->result, "size") + " transactions, " +
                field(pool->result, "bytes") + " vbytes\n";
    }
    if (const auto dns = ask("getdnsinfo", {}); dns && dns->exit_status == 0) {
        text += "DNS: " + std::string(dns->result["running"].isTrue() ? "running, " : "off, ") +
                field(dns->result, "queries") + " questions answered\n";
    }
    if (const auto wallet = ask("getwalletinfo", {}); wallet && wallet->exit_status == 0) {
        text += "\nWallet: " + field(wallet->result, "walletname") +
                "\nBalance: " + field(wallet->result, "balance") +
                " EMC\nImmature: " + field(wallet->result, "immature_balance") + " EMC\n";
    }
    if (const auto warnings = field(c, "warnings"); !warnings.empty())
        text += "\nWarnings: " + warnings + "\n";
    std::cout << text;
    return 0;
}

/// How many addresses of nodes are worth trying, by network.
int PrintAddressCounts(const CliAsk& ask, const std::vector<std::string>&)
{
    const auto known = Need(ask, "getnodeaddresses", {"0"});
    if (!known) return known.Error();
    if (!known->isArray()) {
        std::cerr << "error: The server's reply holds no list of addresses\n";
        return 1;
    }
    Json counts = codec::JsonObject();
    for (const char* network : {"ipv4", "ipv6", "onion", "i2p", "cjdns"}) {
        const auto& all = known->getValues();
        const auto count = std::count_if(all.begin(), all.end(), [&](const Json& one) {
            return one.isObject() && one["network"].getValStr() == network;
        });
        counts.pushKV(network, static_cast<int64_t>(count));
    }
    counts.pushKV("total", static_cast<int64_t>(known->size()));
    Json out = codec::JsonObject();
    out.pushKV("addresses_known", counts);
    PrintResult(out);
    return 0;
}

/// One object of counters as lines, the largest first.
std::string CounterLines(const std::string& title, const Json& counters)
{
    std::vector<std::pair<uint64_t, std::string>> rows;
    uint64_t total = 0;
    for (const std::string& key : counters.getKeys()) {
        rows.emplace_back(std::strtoull(counters[key].getValStr().c_str(), nullptr, 10), key);
        total += rows.back().first;
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string out = "\n" + title + "\n";
    for (const auto& [count, name] : rows) {
        const double share = total == 0 ? 0 : 100.0 * static_cast<double>(count) / static_cast<double>(total);
        out += base::Format("  %-12s %14llu %6.1f %%\n", name.c_str(), static_cast<unsigned long long>(count),
                            share);
    }
    return rows.empty() ? "" : out;
}

/// How long answers took: for some shares of them the bound below which they lie, then how many lie between
/// bounds. `buckets`: counts by upper bound in microseconds, ascending.
std::string LatencyLines(const Json& buckets)
{
    const auto count_of = [&](const std::string& bound) {
        return std::strtoull(buckets[bound].getValStr().c_str(), nullptr, 10);
    };
    unsigned long long total = 0;
    for (const std::string& bound : buckets.getKeys())
        total += count_of(bound);
    if (total == 0) return "";
    std::string out = "\nTime of an answer";
    for (const double share : {50.0, 90.0, 99.0, 99.9}) {
        unsigned long long within = 0;
        for (const std::string& bound : buckets.getKeys()) {
            within += count_of(bound);
            if (static_cast<double>(within) * 100 < share * static_cast<double>(total)) continue;
            const bool beyond = bound == "longer";
            out += base::Format("\n  %.4g %% %s%s", share, beyond ? "longer than all bounds" : "within ",
                                beyond ? "" : (bound + " us").c_str());
            break;
        }
    }
    out += "\n\nAnswers by time, up to microseconds\n";
    for (const std::string& bound : buckets.getKeys())
        out += base::Format("  %-12s %14llu\n", bound.c_str(), count_of(bound));
    return out;
}

/// -dnsinfo: what the DNS server does, for people.
int PrintDnsInfo(const CliAsk& ask, const std::vector<std::string>&)
{
    const auto reply = Need(ask, "getdnsinfo");
    if (!reply) return reply.Error();
    const Json& info = *reply;
    std::string text = info["running"].isTrue() ? "DNS server: running\n" : "DNS server: off\n";
    for (const Json& address : info["listen"].getValues())
        text += "  " + address.get_str() + "\n";
    constexpr const char* LINES[][2] = {{"queries", "packets received"},
                                        {"dropped", "not answered"},
                                        {"limited", "of them or cut by the rate limit"},
                                        {"truncated", "cut to the size of a datagram"},
                                        {"slow", "not in memory"},
                                        {"cookies", "with a good cookie"},
                                        {"connections", "connections open"},
                                        {"zone_names", "names in memory"},
                                        {"zone_bytes", "bytes for them"}};
    text += "\n  trusts";
    for (const Json& verifier : info["enumtrust"].getValues())
        text += " " + verifier.getValStr();
    text += info["enumtrust"].getValues().empty() ? " no verifier\n\n" : "\n\n";
    const double packets = std::strtod(info["queries"].getValStr().c_str(), nullptr);
    const double slow = std::strtod(info["slow"].getValStr().c_str(), nullptr);
    if (packets > 0) text += base::Format("  %13.2f%% answered from memory\n", 100 * (1 - slow / packets));
    for (const auto& [key, what] : LINES)
        text += base::Format("  %14s %s\n", info[key].getValStr().c_str(), what);
    constexpr const char* TABLES[][2] = {{"by_transport", "Packets by transport"},
                                         {"by_type", "Questions by type"},
                                         {"by_rcode", "Answers by rcode"},
                                         {"by_zone", "Questions by zone"}};
    for (const auto& [key, title] : TABLES) {
        if (info[key].isObject()) text += CounterLines(title, info[key]);
    }
    std::cout << text + LatencyLines(info["latency_us"]);
    return 0;
}

/// A table: the first column to the left, others to the right, each as wide as its longest cell.
class Table
{
public:
    explicit Table(std::vector<std::string> titles) { m_rows.push_back(std::move(titles)); }

    void Add(std::vector<std::string> row) { m_rows.push_back(std::move(row)); }

    [[nodiscard]] std::string Text() const
    {
        std::vector<size_t> widths(m_rows.front().size());
        for (const auto& row : m_rows) {
            for (size_t i = 0; i < row.size(); ++i)
                widths[i] = std::max(widths[i], row[i].size());
        }
        std::string out;
        for (const auto& row : m_rows) {
            std::string line;
            for (size_t i = 0; i < row.size(); ++i) {
                const std::string blanks(widths[i] - row[i].size(), ' ');
                line += (i == 0 ? "" : "  ") + (i == 0 ? row[i] + blanks : blanks + row[i]);
            }
            line.erase(line.find_last_not_of(' ') + 1);
            out += line + "\n";
        }
        return out;
    }

private:
    std::vector<std::vector<std::string>> m_rows;
};

/// What strangers wrote, without characters that steer a terminal: U+0000 to U+001F and U+007F to U+009F.
std::string Printable(const std::string& text, size_t limit)
{
    constexpr unsigned char FIRST_OF_C1 = 0xc2; // two bytes in UTF-8, the second up to 9f
    std::string out;
    bool first_of_c1 = false;
    for (const char c : text.substr(0, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        const bool second_of_c1 = first_of_c1 && byte < 0xa0;
        if (second_of_c1) out.pop_back();
        out += byte < 0x20 || byte == 0x7f || second_of_c1 ? '?' : c;
        first_of_c1 = byte == FIRST_OF_C1;
    }
    return text.size() > limit ? out + "..." : out;
}

std::string Milliseconds(const Json& seconds)
{
    if (!seconds.isNum()) return "";
    return base::Format("%.0f", seconds.get_real() * 1000);
}

/// How long ago a unix time is, in minutes (or seconds).
std::string Ago(const Json& time, int64_t unit_sec)
{
    const auto then = codec::JsonInteger(time);
    if (!then || *then == 0) return "";
    return std::to_string(std::max<int64_t>(base::Clock().NowSec() - *then, 0) / unit_sec);
}

/// Peers by direction and network.
std::string PeerCounts(const Json& peers)
{
    std::vector<std::string> networks;
    for (const Json& peer : peers.getValues()) {
        const std::string network = peer["network"].getValStr();
        if (std::find(networks.begin(), networks.end(), network) == networks.end())
            networks.push_back(network);
    }
    std::sort(networks.begin(), networks.end());
    std::vector<std::string> titles = {""};
    titles.insert(titles.end(), networks.begin(), networks.end());
    titles.emplace_back("total");
    Table table(titles);
    for (const auto* direction : {"in", "out", "total"}) {
        std::vector<std::string> row = {direction};
        size_t total = 0;
        for (const auto& network : networks) {
            size_t count = 0;
            for (const Json& peer : peers.getValues()) {
                const bool fits = std::string_view(direction) == "total" ||
                                  peer["inbound"].isTrue() == (std::string_view(direction) == "in");
                if (fits && peer["network"].getValStr() == network) ++count;
            }
            row.push_back(std::to_string(count));
            total += count;
        }
        row.push_back(std::to_string(total));
        table.Add(std::move(row));
    }
    return table.Text();
}

/// One line a peer. `level` 2 and 4 show addresses, 3 and 4 versions.
std::string PeerTable(const Json& peers, int64_t level)
{
    std::vector<std::string> titles = {"id",   "<->",  "type", "net", "v",   "minping", "ping",
                                       "send", "recv", "txn",  "blk", "age", "blocks"};
    if (level == 2 || level == 4) titles.emplace_back("address");
    if (level == 3 || level == 4) titles.emplace_back("version");
    Table table(std::move(titles));
    for (const Json& peer : peers.getValues()) {
        const std::string transport = peer["transport_protocol_type"].getValStr();
        std::vector<std::string> row = {peer["id"].getValStr(),
                                        peer["inbound"].isTrue() ? "in" : "out",
                                        peer["connection_type"].getValStr(),
                                        peer["network"].getValStr(),
                                        transport.starts_with('v') ? transport.substr(1) : "",
                                        Milliseconds(peer["minping"]),
                                        Milliseconds(peer["pingtime"]),
                                        Ago(peer["lastsend"], 1),
                                        Ago(peer["lastrecv"], 1),
                                        Ago(peer["last_transaction"], 60),
                                        Ago(peer["last_block"], 60),
                                        Ago(peer["conntime"], 60),
                                        peer["synced_blocks"].getValStr()};
        if (level == 2 || level == 4) row.push_back(Printable(peer["addr"].getValStr(), 80));
        if (level == 3 || level == 4) {
            row.push_back(peer["version"].getValStr() + " " + Printable(peer["subver"].getValStr(), 80));
        }
        table.Add(std::move(row));
    }
    return table.Text() +
           "times: ping in milliseconds, send and recv in seconds, txn, blk and age in minutes\n";
}

/// -netinfo: connections for people.
int PrintNetInfo(const CliAsk& ask, const std::vector<std::string>& words)
{
    const std::string text = words.empty() ? "0" : words[0];
    if (text.size() != 1 || text[0] < '0' || text[0] > '4') {
        std::cerr << "error: -netinfo takes a level from 0 to 4, not '" << text << "'\n";
        return 1;
    }
    const int64_t level = text[0] - '0';
    const auto info = Need(ask, "getnetworkinfo");
    if (!info) return info.Error();
    const auto peers = Need(ask, "getpeerinfo");
    if (!peers) return peers.Error();
    std::cout << "Node " << (*info)["subversion"].getValStr() << ", protocol "
              << (*info)["protocolversion"].getValStr() << "\n\n";
    if (level > 0) std::cout << PeerTable(*peers, level) << "\n";
    std::cout << PeerCounts(*peers) << "\nOwn addresses:";
    const auto& own = (*info)["localaddresses"];
    for (size_t i = 0; i < own.size(); ++i) {
        std::cout << "\n  " << own[i]["address"].getValStr() << " port " << own[i]["port"].getValStr()
                  << " score " << own[i]["score"].getValStr();
    }
    std::cout << (own.empty() ? " none known\n" : "\n");
    return 0;
}

/// -names: the wallet's names for people; a word is the prefix to show.
int PrintNames(const CliAsk& ask, const std::vector<std::string>& words)
{
    constexpr size_t NAME_WIDTH = 60;
    constexpr size_t VALUE_WIDTH = 40;
    const auto names = Need(ask, "name_list");
    if (!names) return names.Error();
    Table table({"name", "days left", "state", "value"});
    for (const Json& row : names->getValues()) {
        const std::string name = row["name"].getValStr();
        if (!words.empty() && !name.starts_with(words[0])) continue;
        const auto left = codec::JsonInteger(row["expires_in"]).value_or(0);
        const char* state = row["transferred"].isTrue() ? "given away"
                            : row["expired"].isTrue()   ? "expired"
                                                        : "live";
        table.Add(
            {Printable(name, NAME_WIDTH),
             base::Format("%.1f", static_cast<double>(left) / static_cast<double>(names::BLOCKS_PER_DAY)),
             state, Printable(row["value"].getValStr(), VALUE_WIDTH)});
    }
    std::cout << table.Text();
    return 0;
}

/// -generate: blocks (regtest) that pay a fresh address of the wallet.
int Generate(const CliAsk& ask, const std::vector<std::string>& words)
{
    const auto address = Need(ask, "getnewaddress");
    if (!address) return address.Error();
    std::vector<std::string> arguments = {words.empty() ? "1" : words[0], address->get_str()};
    if (words.size() > 1) arguments.insert(arguments.end(), words.begin() + 1, words.end());
    const auto blocks = Need(ask, "generatetoaddress", arguments);
    if (!blocks) return blocks.Error();
    Json out = codec::JsonObject();
    out.pushKV("address", *address);
    out.pushKV("blocks", *blocks);
    PrintResult(out);
    return 0;
}

} // namespace

void PrintResult(const Json& result)
{
    if (result.isNull()) return;
    std::cout << (result.isStr() ? result.get_str() : codec::WriteJson(result, 2)) << "\n";
}

int PrintError(const CliOutcome& outcome)
{
    if (outcome.error.isObject() && outcome.error["message"].isStr()) {
        std::cerr << "error code: " << outcome.error["code"].getValStr() << "\nerror message:\n"
                  << outcome.error["message"].getValStr() << "\n";
    } else {
        std::cerr << "error: " << codec::WriteJson(outcome.error) << "\n";
    }
    return outcome.exit_status;
}

const std::vector<CliView>& CliViews()
{
    static const std::vector<CliView> views = {{"getinfo", PrintInfo},    {"addrinfo", PrintAddressCounts},
                                               {"dnsinfo", PrintDnsInfo}, {"netinfo", PrintNetInfo},
                                               {"names", PrintNames},     {"generate", Generate}};
    return views;
}

} // namespace emc::app
