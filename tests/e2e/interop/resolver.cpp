// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/interop/resolver.hpp"

#include "tests/e2e/support/client.hpp"

#include <stdexcept>

namespace e2e {

Resolver::Resolver(Kind kind, const std::string& root, const std::string& settings)
    : hints_{
          folder_.write("root.hints", ". 3600 IN NS a.root.\na.root. 3600 IN A " + root + "\n")} {
    switch (kind) {
        case Kind::Unbound:
            start_unbound(settings);
            break;
        case Kind::Bind:
            start_bind(settings);
            break;
        case Kind::Knot:
            start_knot(settings);
            break;
        case Kind::PowerDns:
            start_powerdns(settings);
            break;
    }
    const Query ready{.name = ".", .type = "SOA", .recursion = true};
    if (!eventually([&] { return answers(resolver_endpoint, ready); }))
        throw std::runtime_error{"no resolver: " + process_->output() + process_->errors()};
}

void Resolver::start_unbound(const std::string& settings) {
    const auto file =
        folder_.write("unbound.conf",
                      "server:\n"
                      "  interface: 203.0.113.99\n"
                      "  outgoing-interface: 203.0.113.99\n"
                      "  outgoing-interface: 2001:db8:9::99\n"
                      "  access-control: 0.0.0.0/0 allow\n"
                      "  username: \"\"\n"
                      "  chroot: \"\"\n"
                      "  directory: \"" +
                          folder_.path("") +
                          "\"\n"
                          "  pidfile: \"\"\n"
                          "  use-syslog: no\n"
                          "  logfile: \"\"\n"
                          "  do-daemonize: no\n"
                          "  verbosity: 1\n"
                          "  num-threads: 1\n"
                          "  root-hints: \"" +
                          hints_ + "\"\n" + settings + "remote-control:\n  control-enable: no\n");
    process_ = std::make_unique<Process>(Command{"unbound", "-d", "-p", "-c", file});
}

void Resolver::start_bind(const std::string& settings) {
    const auto file = folder_.write("named.conf",
                                    "options {\n"
                                    "  directory \"" +
                                        folder_.path("") +
                                        "\";\n"
                                        "  listen-on { 203.0.113.99; };\n"
                                        "  listen-on-v6 { none; };\n"
                                        "  query-source address 203.0.113.99;\n"
                                        "  query-source-v6 address 2001:db8:9::99;\n"
                                        "  allow-query { any; };\n"
                                        "  allow-recursion { any; };\n"
                                        "  dnssec-validation no;\n"
                                        "  empty-zones-enable no;\n"
                                        "  pid-file none;\n"
                                        "  lock-file none;\n"
                                        "  session-keyfile none;\n" +
                                        settings +
                                        "};\n"
                                        "controls { };\n"
                                        "zone \".\" { type hint; file \"" +
                                        hints_ + "\"; };\n");
    process_ = std::make_unique<Process>(Command{"named", "-g", "-n", "1", "-c", file});
}

void Resolver::start_knot(const std::string& settings) {
    // The modules that are left out speak of trust anchors and of the clock.
    const auto file = folder_.write("kresd.conf",
                                    "net.listen('203.0.113.99', 53, { kind = 'dns' })\n"
                                    "net.outgoing_v4('203.0.113.99')\n"
                                    "net.outgoing_v6('2001:db8:9::99')\n"
                                    "cache.size = 10 * MB\n"
                                    "trust_anchors.remove('.')\n"
                                    "modules.unload('ta_update')\n"
                                    "modules.unload('ta_signal_query')\n"
                                    "modules.unload('detect_time_skew')\n"
                                    "modules.load('hints')\n"
                                    "hints.root_file('" +
                                        hints_ + "')\n" + settings);
    process_ = std::make_unique<Process>(Command{"kresd", "-n", "-c", file, folder_.path("")});
}

void Resolver::start_powerdns(const std::string& settings) {
    // By itself it asks no servers in networks for documentation (dont-query).
    folder_.write("recursor.conf",
                  "local-address=203.0.113.99\n"
                  "query-local-address=203.0.113.99, 2001:db8:9::99\n"
                  "allow-from=0.0.0.0/0\n"
                  "dont-query=\n"
                  "dnssec=off\n"
                  "daemon=no\n"
                  "disable-syslog=yes\n"
                  "security-poll-suffix=\n"
                  "write-pid=no\n"
                  "threads=1\n"
                  "socket-dir=" +
                      folder_.path("") + "\nhint-file=" + hints_ + "\n" + settings);
    process_ =
        std::make_unique<Process>(Command{"pdns_recursor", "--config-dir=" + folder_.path("")});
}

}  // namespace e2e
