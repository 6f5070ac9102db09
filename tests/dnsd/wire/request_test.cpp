// SPDX-License-Identifier: Apache-2.0
#include "dnsd/wire/request.hpp"

#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <array>

namespace wire_request_test {

using support::Bytes;
using support::Opt;
using support::Query;
using support::to_bytes;
using support::World;

namespace {

const World& world() {
    static const World instance{{support::zone_text("example.", R"("www": {"A": "192.0.2.1"})")}};
    return instance;
}

/// A query for www.example A with a count of records that follow in each section.
Bytes message_of(std::size_t answers, std::size_t additional, const std::vector<Bytes>& records) {
    auto bytes = to_bytes(Query{.name = "www.example."});
    support::set16(bytes, support::answers_at, answers);
    support::set16(bytes, support::additional_at, additional);
    for (const auto& record : records) support::append(bytes, record);
    return bytes;
}

/// With this many questions, the first of which is written.
Bytes with_questions(std::size_t count) {
    auto bytes = to_bytes(Query{.name = "www.example."});
    support::set16(bytes, support::questions_at, count);
    if (count > 1) support::append(bytes, {3, 'w', 'w', 'w', 0, 0, 1, 0, 1});
    return bytes;
}

/// A question whose name is these octets.
Bytes with_name(const Bytes& name) {
    Bytes bytes{0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    support::append(bytes, name);
    support::append(bytes, {0, 1, 0, 1});
    return bytes;
}

/// Labels of 63 octets, then one that makes the name `length` octets long.
Bytes name_of_length(std::size_t length) {
    Bytes name;
    while (name.size() + 1 < length) {
        const auto label = std::min<std::size_t>(63, length - name.size() - 2);
        name.push_back(static_cast<std::uint8_t>(label));
        name.insert(name.end(), label, 'a');
    }
    name.push_back(0);
    return name;
}

Bytes record(const Bytes& owner, std::uint16_t type, const Bytes& rdata) {
    auto bytes = owner;
    support::put16(bytes, type);
    support::append(bytes, {0, 1, 0, 0, 0, 0});
    support::put16(bytes, rdata.size());
    support::append(bytes, rdata);
    return bytes;
}

Bytes opt_with_owner(const Bytes& owner) {
    auto bytes = to_bytes(Opt{});
    bytes.erase(bytes.begin());
    bytes.insert(bytes.begin(), owner.begin(), owner.end());
    return bytes;
}

/// OPT whose RDATA is these octets, whatever they say.
Bytes opt_with_rdata(const Bytes& rdata) {
    auto bytes = to_bytes(Opt{});
    support::set16(bytes, bytes.size() - 2, rdata.size());
    support::append(bytes, rdata);
    return bytes;
}

}  // namespace

TEST_CASE("every truncation of a query is FORMERR, and silence only without a header") {
    const Query query{.name = "www.example.",
                      .opt = Opt{.options = {{3, {}}, support::client_subnet("192.0.2.0/24")}}};
    const auto whole = to_bytes(query);
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        CAPTURE(length);
        const auto answer =
            world().ask(Bytes{whole.begin(), whole.begin() + static_cast<long>(length)});
        if (length < 12) {
            CHECK(answer.silent());
            continue;
        }
        CHECK(answer.rcode == (length == whole.size() ? "NOERROR" : "FORMERR"));
        CHECK(answer.question.size() == (length >= 12 + 13 + 4 ? 1 : 0));
    }
}

TEST_CASE("a query has one question, its name uncompressed (RFC 9619, RFC 1035 section 4.1.4)") {
    struct Row {
        const char* name;
        Bytes message;
        const char* expected;
    };
    const std::vector<Row> rows{
        {"one question", with_questions(1), "NOERROR"},
        {"no question", with_questions(0), "FORMERR"},
        {"two questions", with_questions(2), "FORMERR"},
        {"65,535 questions", with_questions(65535), "FORMERR"},
        {"the root", with_name({0}), "REFUSED"},
        {"a pointer to itself", with_name({0xC0, 12}), "FORMERR"},
        {"a pointer into the header", with_name({0xC0, 0}), "FORMERR"},
        {"a pointer past the end", with_name({0xFF, 0xFF}), "FORMERR"},
        {"a label, then a pointer", with_name({1, 'a', 0xC0, 12}), "FORMERR"},
        {"label type 01 (RFC 6891 §5)", with_name({0x41, 1, 0}), "FORMERR"},
        {"label type 10", with_name({0x80, 0}), "FORMERR"},
        {"a label of 63 octets", with_name(name_of_length(65)), "REFUSED"},
        {"a name of 255 octets", with_name(name_of_length(255)), "REFUSED"},
        {"a name of 256 octets", with_name(name_of_length(256)), "FORMERR"},
        {"a name of 257 octets", with_name(name_of_length(257)), "FORMERR"},
        {"a label longer than the rest", {0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 9, 'a'}, "FORMERR"},
        {"the name has no end", {0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a'}, "FORMERR"},
        {"nothing but a header", {0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}, "FORMERR"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(world().ask(row.message).rcode == row.expected);
    }
}

TEST_CASE("a name of 127 labels is read, one of 128 is too long") {
    Bytes name;
    for (int i = 0; i < 127; ++i) support::append(name, {1, 'a'});
    name.push_back(0);
    CHECK(world().ask(with_name(name)).rcode == "REFUSED");
    name.insert(name.begin(), {1, 'a'});
    CHECK(world().ask(with_name(name)).rcode == "FORMERR");
}

TEST_CASE("a FORMERR has the question when that could be read, and OPT when that was seen") {
    auto bad = to_bytes(Query{.name = "www.example.", .opt = Opt{.options = {{8, {0, 9, 0, 0}}}}});
    const auto with_opt = world().ask(bad);
    CHECK(with_opt.rcode == "FORMERR");
    CHECK(with_opt.question == support::Lines{"www.example. IN A"});
    CHECK(with_opt.opt.has_value());
    CHECK_FALSE(with_opt.aa());
    const auto without = world().ask(with_name({0xC0, 12}));
    CHECK(without.question.empty());
    CHECK_FALSE(without.opt.has_value());
}

TEST_CASE(
    "OPT stands once, at the root, among the additional records (RFC 6891 sections 6.1.1 and "
    "6.1.2)") {
    const auto opt = to_bytes(Opt{});
    const auto note = record({0}, 16, {1, 'x'});
    struct Row {
        const char* name;
        Bytes message;
        const char* expected;
    };
    const std::vector<Row> rows{
        {"one", message_of(0, 1, {opt}), "NOERROR"},
        {"behind another record", message_of(0, 2, {note, opt}), "NOERROR"},
        {"before another record", message_of(0, 2, {opt, note}), "NOERROR"},
        {"two", message_of(0, 2, {opt, opt}), "FORMERR"},
        {"two, others between", message_of(0, 3, {opt, note, opt}), "FORMERR"},
        {"in the answer section", message_of(1, 0, {opt}), "FORMERR"},
        {"in the answer section and where it belongs", message_of(1, 1, {opt, opt}), "FORMERR"},
        {"its owner is a name", message_of(0, 1, {opt_with_owner({1, 'a', 0})}), "FORMERR"},
        {"its owner is a pointer", message_of(0, 1, {opt_with_owner({0xC0, 24})}), "FORMERR"},
        {"a record is announced, none is there", message_of(0, 1, {}), "FORMERR"},
        {"65,535 are announced, one is there", message_of(0, 65535, {opt}), "FORMERR"},
        {"another owner with label type 01", message_of(0, 1, {record({0x41, 0}, 16, {})}),
         "FORMERR"},
        {"another owner without end", message_of(0, 1, {{5, 'a'}}), "FORMERR"},
        {"another owner ends in half a pointer", message_of(0, 1, {{1, 'a', 0xC0}}), "FORMERR"},
        {"octets behind the last record", message_of(0, 1, {opt, {1, 2, 3}}), "NOERROR"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(world().ask(row.message).rcode == row.expected);
    }
}

TEST_CASE("an option that goes past the end of OPT is FORMERR (RFC 6891 section 6.1.2)") {
    struct Row {
        const char* name;
        Bytes rdata;
        const char* expected;
    };
    const std::vector<Row> rows{
        {"none", {}, "NOERROR"},
        {"empty", {0xFD, 0xE9, 0, 0}, "NOERROR"},
        {"two", {0xFD, 0xE9, 0, 1, 7, 0, 3, 0, 0}, "NOERROR"},
        {"half a code", {0}, "FORMERR"},
        {"half a length", {0, 3, 0}, "FORMERR"},
        {"one octet short", {0xFD, 0xE9, 0, 2, 7}, "FORMERR"},
        {"a length of 65,535", {0xFD, 0xE9, 0xFF, 0xFF, 7}, "FORMERR"},
        {"the second is cut short", {0, 3, 0, 0, 0, 3, 0, 1}, "FORMERR"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto answer = world().ask(message_of(0, 1, {opt_with_rdata(row.rdata)}));
        CHECK(answer.rcode == row.expected);
        CHECK(answer.opt.has_value());
    }
}

TEST_CASE("versions above 0 are BADVERS, whatever their options hold (RFC 6891 section 6.1.3)") {
    for (const unsigned version : {1U, 2U, 100U, 255U}) {
        CAPTURE(version);
        const Opt opt{
            .version = static_cast<std::uint8_t>(version), .flags = 0x8000, .options = {{8, {9}}}};
        const auto answer = world().ask(Query{.name = "www.example.", .opt = opt});
        CHECK(answer.rcode == "BADVERS");
        CHECK(answer.answer.empty());
        REQUIRE(answer.opt.has_value());
        CHECK(answer.opt->version == 0);
        CHECK(answer.opt->flags == 0x8000);
        CHECK(answer.opt->options.empty());
    }
    const auto twice = to_bytes(Opt{.version = 1});
    CHECK(world().ask(message_of(0, 2, {twice, twice})).rcode == "FORMERR");
}

}  // namespace wire_request_test
