// SPDX-License-Identifier: Apache-2.0
#include "zones/file/check_reader.hpp"

#include "zones/file/check_address.hpp"
#include "zones/file/check_values.hpp"
#include "zones/file/edge_reader.hpp"
#include "zones/json/duration.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace zones {
namespace {

using namespace std::chrono_literals;
using Kind = probes::Check::Kind;

constexpr std::size_t max_checks = 8;   // of one list
constexpr std::size_t max_body = 1024;  // octets
constexpr auto longest_interval = 1h;
constexpr auto shortest_timeout = 100ms;

constexpr unsigned bit(Kind kind) {
    return 1U << static_cast<unsigned>(kind);
}
constexpr unsigned web = bit(Kind::Http) | bit(Kind::Https);
constexpr unsigned with_tls = bit(Kind::Https) | bit(Kind::Tls);
constexpr unsigned network = bit(Kind::Tcp) | web | with_tls;
constexpr unsigned all = network | bit(Kind::Command) | bit(Kind::File);

/// Reads one check; most methods read one key.
class CheckReader {
 public:
    CheckReader(const Json& value, Asked asked, const CheckDefaults& defaults)
        : value_{value}, asked_{asked}, defaults_{defaults} {}

    /// Empty when a fault leaves nothing to ask.
    std::vector<probes::Check> read();

 private:
    struct Key {
        std::string_view key;
        unsigned kinds;  // that take it
        void (CheckReader::*read)(const Json& value);
    };
    static const std::array<Key, 6> what_keys;  // each is of one kind
    static const std::array<Key, 17> keys;      // in the order in which they are read

    [[nodiscard]] std::string_view wanted() const;
    [[nodiscard]] const Key* find_what(bool known) const;
    void read_what(const Key& what);
    void read_key(const Key& key, const Key& what);

    void read_port(const Json& value);
    void read_command(const Json& value);
    void read_file(const Json& value);
    void read_path(const Json& value);
    void read_host_key(const Json& value);
    void read_server_name(const Json& value);
    void read_method(const Json& value);
    void read_headers(const Json& value);
    void read_statuses(const Json& value);
    void read_body(const Json& value);
    void read_verify(const Json& value);
    void read_days_left(const Json& value);
    void read_max_age(const Json& value);
    void read_address(const Json& value);
    void read_interval(const Json& value);
    void read_timeout(const Json& value);
    void read_rise(const Json& value);
    void read_fall(const Json& value);
    void read_jitter(const Json& value);
    void read_damping(const Json& value);

    void bound_timeout();
    void need_host();
    [[nodiscard]] bool has_target() const;

    Json value_;
    Asked asked_;
    const CheckDefaults& defaults_;
    probes::Check check_;
    std::optional<std::vector<geo::Address>> addresses_;
};

constexpr std::array<CheckReader::Key, 6> CheckReader::what_keys{
    {{"tcp", bit(Kind::Tcp), &CheckReader::read_port},
     {"http", bit(Kind::Http), &CheckReader::read_port},
     {"https", bit(Kind::Https), &CheckReader::read_port},
     {"tls", bit(Kind::Tls), &CheckReader::read_port},
     {"command", bit(Kind::Command), &CheckReader::read_command},
     {"file", bit(Kind::File), &CheckReader::read_file}}};

constexpr std::array<CheckReader::Key, 17> CheckReader::keys{
    {{"path", web, &CheckReader::read_path},
     {"host", web | with_tls, &CheckReader::read_host_key},
     {"server_name", with_tls, &CheckReader::read_server_name},
     {"method", web, &CheckReader::read_method},
     {"headers", web, &CheckReader::read_headers},
     {"status", web, &CheckReader::read_statuses},
     {"body", web, &CheckReader::read_body},
     {"verify", with_tls, &CheckReader::read_verify},
     {"days_left", bit(Kind::Tls), &CheckReader::read_days_left},
     {"max_age", bit(Kind::File), &CheckReader::read_max_age},
     {"address", network | bit(Kind::Command), &CheckReader::read_address},
     {"interval", all, &CheckReader::read_interval},
     {"timeout", all, &CheckReader::read_timeout},
     {"rise", all, &CheckReader::read_rise},
     {"fall", all, &CheckReader::read_fall},
     {"jitter", all, &CheckReader::read_jitter},
     {"damping", all, &CheckReader::read_damping}}};

std::vector<probes::Check> CheckReader::read() {
    if (!value_.object(wanted())) return {};
    std::vector<std::string_view> known;
    for (const auto& key : what_keys) known.push_back(key.key);
    for (const auto& key : keys) known.push_back(key.key);
    const auto* what = find_what(value_.allow_keys(known));
    if (what == nullptr) return {};
    read_what(*what);
    for (const auto& key : keys) read_key(key, *what);
    if (asked_ == Asked::Home) check_.limits.damping.downs = 0;
    bound_timeout();
    need_host();
    if (!has_target()) return {};
    if (!asks_addresses(check_)) return {check_};
    std::vector<probes::Check> checks;
    for (const auto& address :
         addresses_ ? std::span<const geo::Address>{*addresses_} : defaults_.addresses) {
        checks.push_back(asking(check_, address));
    }
    return checks;
}

std::string_view CheckReader::wanted() const {
    return asked_ == Asked::Home
               ? "an object with one of tcp, http, https and tls, as in {\"tcp\": 32400}"
               : "an object with one of tcp, http, https, tls, command and file, as in {\"tcp\": "
                 "32400}";
}

/// Returns the one key that says what is asked; null, with a fault, when there is none or more than
/// one.
const CheckReader::Key* CheckReader::find_what(bool known) const {
    const Key* found = nullptr;
    for (const auto& key : what_keys) {
        const auto member = value_.find(key.key);
        if (!member) continue;
        if (found != nullptr) {
            member->key_fault("this check has \"" + std::string{found->key} +
                              "\" already; two checks stand in a list, each an object");
            return nullptr;
        }
        found = &key;
    }
    // An unknown key was most likely meant to be that key.
    if (found == nullptr && known) value_.expected(wanted());
    return found;
}

void CheckReader::read_what(const Key& what) {
    check_.kind = static_cast<Kind>(std::countr_zero(what.kinds));
    const auto member = *value_.find(what.key);
    if (asked_ == Asked::Home && (what.kinds & network) == 0) {
        member.key_fault("\"origin\" asks home through the relay: with tcp, http, https or tls");
    }
    if (check_.kind == Kind::File) {
        check_.interval = 1s;
        check_.limits.rise = 1;
        check_.limits.fall = 1;
    }
    (this->*what.read)(member);
}

void CheckReader::read_key(const Key& key, const Key& what) {
    const auto member = value_.find(key.key);
    if (!member) return;
    if ((key.kinds & what.kinds) == 0) {
        member->key_fault("a check with \"" + std::string{what.key} + "\" takes no \"" +
                          std::string{key.key} + "\"");
    } else {
        (this->*key.read)(*member);
    }
}

void CheckReader::read_port(const Json& value) {
    check_.port =
        static_cast<std::uint16_t>(value.integer(1, 65535, "a port from 1 to 65535").value_or(0));
}

void CheckReader::read_command(const Json& value) {
    check_.command = zones::read_command(value);
}

void CheckReader::read_file(const Json& value) {
    check_.file = read_file_path(value);
}

void CheckReader::read_path(const Json& value) {
    check_.path = read_url_path(value);
}

void CheckReader::read_host_key(const Json& value) {
    check_.host = read_host_name(value);
}

void CheckReader::read_server_name(const Json& value) {
    check_.server_name = read_host_name(value);
}

void CheckReader::read_method(const Json& value) {
    check_.method = zones::read_method(value);
    if (check_.method == "HEAD" && value_.find("body"))
        value.fault("the answer to HEAD has no \"body\"");
}

void CheckReader::read_headers(const Json& value) {
    check_.headers = zones::read_headers(value);
}

void CheckReader::read_statuses(const Json& value) {
    check_.statuses = zones::read_statuses(value);
}

void CheckReader::read_body(const Json& value) {
    constexpr std::string_view wanted = "a text of 1 to 1024 octets";
    const auto text = value.string(wanted);
    if (!text) return;
    if (text->empty() || text->size() > max_body) return value.expected(wanted);
    check_.body = *text;
}

void CheckReader::read_verify(const Json& value) {
    if (!value.is(Json::Kind::Boolean)) return value.expected("true or false");
    check_.verify = value.text() == "true";
}

void CheckReader::read_days_left(const Json& value) {
    check_.days_left = static_cast<std::uint16_t>(
        value.integer(0, 3650, "a number of days from 0 to 3650").value_or(0));
}

void CheckReader::read_max_age(const Json& value) {
    check_.max_age = std::chrono::seconds{read_seconds(value).value_or(0)};
}

void CheckReader::read_address(const Json& value) {
    if (!asks_addresses(check_)) {
        return value.key_fault("no argument of the command has \"{address}\" in it");
    }
    addresses_ = read_some_addresses(value);
}

void CheckReader::read_interval(const Json& value) {
    // A time that cannot be read counts as the longest, or later checks would write a second fault.
    check_.interval = read_milliseconds(value, 200ms, longest_interval,
                                        "a time from 200ms to 1h, as in \"500ms\", \"10s\" or 2.5")
                          .value_or(longest_interval);
}

void CheckReader::read_timeout(const Json& value) {
    check_.timeout = read_milliseconds(value, shortest_timeout, 1min,
                                       "a time from 100ms to 1m, as in \"500ms\", \"3s\" or 2.5")
                         .value_or(shortest_timeout);
}

void CheckReader::read_rise(const Json& value) {
    check_.limits.rise = static_cast<std::uint8_t>(
        value.integer(1, 50, "a number of passes in a row, from 1 to 50").value_or(1));
}

void CheckReader::read_fall(const Json& value) {
    check_.limits.fall = static_cast<std::uint8_t>(
        value.integer(1, 50, "a number of failures in a row, from 1 to 50").value_or(1));
}

void CheckReader::read_jitter(const Json& value) {
    check_.jitter = zones::read_jitter(value).value_or(0);
}

void CheckReader::read_damping(const Json& value) {
    if (asked_ == Asked::Home) {
        return value.key_fault(
            "\"origin\" has no damping: home going down is not the edge's flapping");
    }
    check_.limits.damping = zones::read_damping(value);
}

void CheckReader::bound_timeout() {
    const auto given = value_.find("timeout");
    if (!given) {
        check_.timeout = std::min(check_.timeout, check_.interval);
    } else if (check_.timeout > check_.interval) {
        given->fault("longer than the interval, " + std::to_string(check_.interval.count()) +
                     " ms: an attempt ends before the next one begins");
    }
}

void CheckReader::need_host() {
    if ((bit(check_.kind) & (web | with_tls)) == 0 || value_.find("host")) return;
    check_.host = defaults_.host;
    if (check_.host.empty()) value_.fault("\"host\" is missing: the zone's name is no host name");
}

/// Returns false when the check could not be read; its fault is written by then.
bool CheckReader::has_target() const {
    if (check_.kind == Kind::Command) return !check_.command.empty();
    return check_.kind == Kind::File ? !check_.file.empty() : check_.port != 0;
}

}  // namespace

std::vector<probes::CheckPtr> read_checks(const Json& value, Asked asked,
                                          const CheckDefaults& defaults) {
    std::vector<probes::CheckPtr> checks;
    const auto items = value.one_or_more();
    if (items.empty()) value.expected("at least one check");
    if (items.size() > max_checks) {
        value.fault("more than 8 checks");
        return checks;
    }
    for (const auto& item : items) {
        for (auto& check : CheckReader{item, asked, defaults}.read()) {
            const auto equal = [&](const auto& other) { return *other == check; };
            if (std::ranges::any_of(checks, equal)) {
                item.fault("the check " + probes::to_text(check) + " stands here twice");
                break;
            }
            checks.push_back(std::make_shared<const probes::Check>(std::move(check)));
        }
    }
    return checks;
}

}  // namespace zones
