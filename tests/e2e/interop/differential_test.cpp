// SPDX-License-Identifier: Apache-2.0
// The same zone in this server, in NSD and in Knot DNS: the same answers to some thousands of
// questions. ANY is not among them: RFC 8482 leaves open how little is answered.

#include "tests/e2e/interop/peer_server.hpp"
#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <ldns/ldns.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace differential_test {

using namespace e2e;

namespace {

constexpr const char* zone_name = "diff.test";
constexpr const char* zone_text = R"($ORIGIN diff.test.
$TTL 3600
@ SOA ns1 hostmaster 2026010101 7200 900 1209600 300
@ NS ns1
@ NS ns.elsewhere.test.
@ A 192.0.2.1
@ A 192.0.2.2
@ AAAA 2001:db8::1
@ MX 10 mail
@ MX 20 mx.elsewhere.test.
@ TXT "v=spf1 -all" "second string"
@ CAA 0 issue "letsencrypt.org"
ns1 300 A 192.0.2.53
ns1 AAAA 2001:db8::53
mail A 192.0.2.25
UPPER A 192.0.2.26
_xmpp._tcp SRV 5 0 5222 mail
_443._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
host SSHFP 4 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
naptr NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:a@diff.test!" .
unknown TYPE65280 \# 4 c0000201
many A 192.0.2.101
many A 192.0.2.102
many A 192.0.2.103
many A 192.0.2.104
long0123456789long0123456789long0123456789long0123456789long012 A 192.0.2.63
a.b.c.empty A 192.0.2.3
*.wild A 192.0.2.4
*.wild TXT "any"
there.wild A 192.0.2.5
below.there.wild A 192.0.2.6
*.alias CNAME mail
*.x.*.star A 192.0.2.7
cname CNAME mail
chain CNAME chain2
chain2 CNAME chain3
chain3 CNAME mail
outside CNAME www.elsewhere.test.
nowhere CNAME absent
towild CNAME some.wild
tocut CNAME www.sub
d DNAME target
target A 192.0.2.8
www.target A 192.0.2.9
alias.target CNAME mail
d-outside DNAME elsewhere.test.
sub NS ns.sub
sub NS ns1
sub DS 12345 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
ns.sub A 192.0.2.10
ns.sub AAAA 2001:db8::10
far NS ns.elsewhere.test.
deep.sub2 NS ns.deep.sub2
ns.deep.sub2 A 192.0.2.11
)";

constexpr const char* types[] = {"A",     "AAAA",  "NS",     "SOA",      "MX",   "TXT",
                                 "CNAME", "DS",    "CAA",    "SRV",      "TLSA", "SSHFP",
                                 "NAPTR", "DNAME", "DNSKEY", "TYPE65280"};

/// Names of the zone, beside them and below them.
std::set<std::string> names() {
    std::set<std::string> owners{"",
                                 "ns1",
                                 "mail",
                                 "upper",
                                 "_tcp",
                                 "_xmpp._tcp",
                                 "_443._tcp.mail",
                                 "host",
                                 "naptr",
                                 "unknown",
                                 "many",
                                 "long0123456789long0123456789long0123456789long0123456789long012",
                                 "empty",
                                 "c.empty",
                                 "a.b.c.empty",
                                 "wild",
                                 "*.wild",
                                 "there.wild",
                                 "below.there.wild",
                                 "alias",
                                 "x.*.star",
                                 "star",
                                 "*.star",
                                 "cname",
                                 "chain",
                                 "outside",
                                 "nowhere",
                                 "towild",
                                 "tocut",

                                 "d",
                                 "www.d",
                                 "alias.d",
                                 "target",
                                 "www.target",
                                 "d-outside",
                                 "sub",
                                 "ns.sub",
                                 "www.sub",
                                 "far",
                                 "sub2",
                                 "deep.sub2",
                                 "ns.deep.sub2"};
    std::set<std::string> all;
    for (const auto& owner : owners) {
        const auto dot = owner.empty() ? "" : ".";
        all.insert(owner + dot + zone_name);
        if (owner.size() < 63) all.insert("beside" + owner + dot + zone_name);
        all.insert("below." + owner + dot + zone_name);
        all.insert("far.below." + owner + dot + zone_name);
        all.insert("*." + owner + dot + zone_name);
    }
    // What is not the zone's.
    all.insert({"elsewhere.test", "test", "xdiff.test", "."});
    return all;
}

/// OPT records, or none (RFC 6891 §6.1.2).
struct Form {
    const char* name;
    Octets opt;
};
std::vector<Form> forms() {
    return {
        {"plain", {}},
        {"EDNS", {0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0}},
        {"DO, small", {0, 0, 41, 2, 0, 0, 0, 128, 0, 0, 0}},
        {"payload of 0", {0, 0, 41, 0, 0, 0, 0, 0, 0, 0, 0}},
        {"unknown option", {0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 6, 255, 230, 0, 2, 1, 2}},
        {"client subnet",
         {0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 11, 0, 8, 0, 7, 0, 1, 24, 0, 81, 2, 69}},
        {"version 1", {0, 0, 41, 4, 208, 0, 1, 0, 0, 0, 0}},
        {"unknown flags", {0, 0, 41, 4, 208, 0, 0, 0x40, 1, 0, 0}},
    };
}

Octets question(const std::string& name, const std::string& type, const Form& form) {
    auto octets = to_octets({.name = name, .type = type});
    octets.insert(octets.end(), form.opt.begin(), form.opt.end());
    octets[11] = form.opt.empty() ? 0 : 1;
    return octets;
}

struct Free {
    void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
    void operator()(char* text) const { std::free(text); }
};

/// The records of a section in an order of its own: servers may rotate them (RFC 1035 leaves it
/// open). Names in lower case, as they are compared (RFC 4343).
std::string section(const char* title, const ldns_rr_list* records) {
    std::set<std::string> lines;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
        auto* record = ldns_rr_list_rr(records, i);
        ldns_rr2canonical(record);
        lines.insert(std::unique_ptr<char, Free>{ldns_rr2str(record)}.get());
    }
    std::string text = std::string{title} + ":\n";
    for (const auto& line : lines) text += "  " + line;
    return text;
}

/// What a response says, without what servers may choose.
std::string meaning(const Octets& octets) {
    ldns_pkt* raw = nullptr;
    if (ldns_wire2pkt(&raw, octets.data(), octets.size()) != LDNS_STATUS_OK) return "no message";
    const std::unique_ptr<ldns_pkt, Free> packet{raw};
    const auto rcode = static_cast<unsigned>(ldns_pkt_get_rcode(raw)) |
                       unsigned{ldns_pkt_edns_extended_rcode(raw)} << 4;
    std::string text = "rcode " + std::to_string(rcode);
    if (ldns_pkt_aa(raw)) text += " aa";
    if (ldns_pkt_tc(raw)) text += " tc";
    if (ldns_pkt_ra(raw)) text += " ra";
    if (ldns_pkt_edns(raw)) text += ldns_pkt_edns_do(raw) ? " edns do" : " edns";
    text += "\n" + section("answer", ldns_pkt_answer(raw)) +
            section("authority", ldns_pkt_authority(raw));
    // Glue is required (RFC 9471); what else is added is the server's choice (RFC 2181 §5.4.1).
    const bool referral = !ldns_pkt_aa(raw) && ldns_rr_list_rr_count(ldns_pkt_answer(raw)) == 0;
    if (referral) text += section("glue", ldns_pkt_additional(raw));
    return text;
}

/// The answers of one server to a list of questions, in order.
std::vector<std::string> ask_all(const Endpoint& server, const std::vector<Octets>& questions) {
    const UdpClient client{server};
    std::vector<std::string> answers;
    for (const auto& octets : questions) {
        client.send(octets);
        const auto reply = client.receive();
        answers.push_back(reply ? meaning(*reply) : "no answer");
    }
    return answers;
}

struct Case {
    std::string name, type, form;
};

}  // namespace

TEST_CASE("a zone file, and its import, are answered as NSD and Knot answer them") {
    const support::TemporaryFolder folder;
    const auto file = folder.write("diff.test.zone", zone_text);
    const auto imported = run(isochrone({"import", file}));
    CAPTURE(imported.errors);
    REQUIRE(imported.status == 0);
    const ServerProcess direct{{file}};
    const ServerProcess json{{folder.write("diff.test.json", imported.output)}};

    std::vector<Case> cases;
    std::vector<Octets> questions;
    const auto all_forms = forms();
    for (const auto& name : names()) {
        for (const auto* type : types) {
            // Each form with each name, and each form with each type.
            const auto& form = all_forms[questions.size() % all_forms.size()];
            cases.push_back({name, type, form.name});
            questions.push_back(question(name, type, form));
        }
    }
    CHECK(questions.size() > 2000);
    const auto ours = ask_all(direct.endpoint(), questions);
    CHECK(std::set<std::string>{ours.begin(), ours.end()}.size() > 100);
    CHECK(std::ranges::count(ours, "no answer") == 0);
    CHECK(std::ranges::count(ours, "no message") == 0);
    CHECK(ours == ask_all(json.endpoint(), questions));
    for (const auto kind : {PeerServer::Kind::Nsd, PeerServer::Kind::Knot}) {
        const std::string title = kind == PeerServer::Kind::Nsd ? "NSD" : "Knot";
        const PeerServer peer{kind, {{zone_name, zone_text}}};
        const auto theirs = ask_all(peer.endpoint(), questions);
        for (std::size_t i = 0; i < cases.size(); ++i) {
            if (ours[i] == theirs[i]) continue;
            const auto& [name, type, form] = cases[i];
            INFO(title, ": ", name, " ", type, " ", form);
            CHECK_MESSAGE(false, "ours ", ours[i], "\ntheirs ", theirs[i]);
        }
    }
}

}  // namespace differential_test
