// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/page_parent.hpp"

#include "dnsd/setup/parts.hpp"

namespace setup {
namespace {

constexpr const char* first_ttl = "300";

std::string row(const std::string& name, const std::string& type, const std::string& value) {
    return "| `" + name + "` | " + type + " | `" + value + "` | " + first_ttl + " |\n";
}

/// A row for each address of each name server.
std::string address_rows(const Plan& plan) {
    std::string rows;
    for (std::size_t i = 0; i < name_server_count(plan); ++i)
        for (const auto& address : plan.edges[i].addresses)
            rows += row(name_server(plan, i), address.family == geo::Family::V4 ? "A" : "AAAA",
                        geo::to_text(address));
    return rows;
}

constexpr const char* in_parent = R"(
## 4. At the DNS host of @PARENT@

Delete all records at `@ZONE@` and below it. Then add these:

| Name | Type | Value | TTL |
|---|---|---|---|
@ROWS@
- Many forms put `.@PARENT@` behind the name by themselves: write `@LABEL@` there, and not `@ZONE@`.
- Where the host offers a proxy (Cloudflare's orange cloud), turn it off for all of them: **DNS only**. A name server
  behind a proxy for web pages answers nobody.
- The TTL of 300 is for the first day: a mistake is then over in five minutes.
- Add no DS record: the zone is not signed.
@GLUE@)";

constexpr const char* glue_inside =
    R"(- The addresses of the name servers are needed here too, as glue, because their names are inside of the zone. If the
  host refuses records below a delegated name, make these files again with `--nameservers-in @PARENT@`: the name
  servers then have names outside of the zone.
)";

constexpr const char* at_registrar = R"(
## 4. At the registrar of @ZONE@

1. **Host objects** (also called child name servers, or glue records), each with its addresses: @HOSTS@
2. **Name servers of the domain**: @NAMES@. Delete all others.
3. **DNSSEC**: off, without a DS record. The zone is not signed.

All that the domain has had at its old DNS host is gone then: write what you want to keep into "records" of the zone
file first. Where the registrar lets you choose a TTL, 300 is right for the first day.
)";

std::string subdomain(const Plan& plan) {
    const auto zone = zone_of(plan);
    const auto parent = zones::zone_text(plan.zone.parent());
    std::string rows;
    for (std::size_t i = 0; i < name_server_count(plan); ++i)
        rows += row(zone, "NS", name_server(plan, i));
    rows += address_rows(plan);
    return filled(in_parent, {{"ROWS", rows},
                              {"GLUE", plan.servers_in ? "" : glue_inside},
                              {"LABEL", zone.substr(0, zone.find('.'))},
                              {"PARENT", parent},
                              {"ZONE", zone}});
}

std::string whole_domain(const Plan& plan) {
    std::string hosts;
    std::string names;
    for (std::size_t i = 0; i < name_server_count(plan); ++i) {
        hosts += "\n   - `" + name_server(plan, i) + "`:";
        for (const auto& address : plan.edges[i].addresses)
            hosts += " `" + geo::to_text(address) + "`";
        names += (names.empty() ? "`" : ", `") + name_server(plan, i) + "`";
    }
    return filled(at_registrar, {{"HOSTS", hosts}, {"NAMES", names}, {"ZONE", zone_of(plan)}});
}

constexpr const char* rest = R"(
## 5. Check the delegation

```sh
dig +trace +nodnssec @ZONE@ A
dig +nssearch @ZONE@
dig @ZONE@ A +short
```

The first command ends with an address of an edge. The second shows all name servers, with one serial. The third asks as
your viewers do. If one of them fails: docs/delegation.md, "When it does not work".

## 6. After the first day

Raise the TTLs at the @WHERE@ to 86400.

## Later

- **Edit the zone file** at one edge, check it (`isochrone check`), and copy it to the others **with its time**:
  `rsync -t` or `scp -p`. The zone's serial is the file's time.
- **What goes on**: `isochrone status`, `isochrone explain @ZONE@ ADDRESS-OF-A-CLIENT`.
)";

}  // namespace

std::string page_parent(const Plan& plan) {
    return (plan.whole_domain ? whole_domain(plan) : subdomain(plan)) +
           filled(rest, {{"WHERE", plan.whole_domain ? "registrar" : "DNS host"},
                         {"ZONE", zone_of(plan)}});
}

}  // namespace setup
