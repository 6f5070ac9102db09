// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/name_servers.hpp"

#include "tests/wan/document.hpp"

namespace wan {
namespace {

constexpr const char* root_zone = R"(. 3600 IN SOA a.root. a.root. 1 3600 600 86400 60
. 3600 IN NS a.root.
a.root. 3600 IN A ADDRESS
example.com. 3600 IN NS ns.example.com.
ns.example.com. 3600 IN A ADDRESS
)";

constexpr const char* parent_zone =
    R"(example.com. 3600 IN SOA ns.example.com. a.example.com. 1 3600 600 86400 60
example.com. 3600 IN NS ns.example.com.
ns.example.com. 3600 IN A ADDRESS
)";

constexpr const char* nsd_config = R"(server:
  ip-address: ADDRESS
  username: ""
  chroot: ""
  zonesdir: "FOLDER"
  database: ""
  pidfile: "FOLDER/nsd.pid"
  xfrdfile: "FOLDER/xfrd.state"
  xfrdir: "FOLDER"
  zonelistfile: "FOLDER/zone.list"
  server-count: 1
  verbosity: 1
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: root.zone
zone:
  name: example.com
  zonefile: parent.zone
)";

constexpr const char* unbound_config = R"(server:
  interface: ADDRESS
  outgoing-interface: ADDRESS
  access-control: 0.0.0.0/0 allow
  module-config: "subnetcache iterator"
  username: ""
  chroot: ""
  directory: "FOLDER"
  pidfile: ""
  use-syslog: no
  logfile: ""
  do-daemonize: no
  verbosity: 1
  num-threads: 1
  do-ip6: no
  root-hints: "root.hints"
)";

}  // namespace

std::unique_ptr<support::Process> start_parent(const Site& site, const std::string& delegation,
                                               const support::TemporaryFolder& folder) {
    const Replacements address{{"ADDRESS", site.address()}};
    folder.write("root.zone", replaced(root_zone, address));
    folder.write("parent.zone", replaced(parent_zone, address) + delegation);
    const auto config = folder.write(
        "nsd.conf", replaced(replaced(nsd_config, address), {{"FOLDER", folder.path("")}}));
    return std::make_unique<support::Process>(site.inside({"nsd", "-d", "-c", config}));
}

std::unique_ptr<support::Process> start_resolver(const Site& site, const std::string& address,
                                                 const Site& root,
                                                 const std::vector<std::string>& servers,
                                                 const support::TemporaryFolder& folder) {
    folder.write("root.hints", ". 3600 IN NS a.root.\na.root. 3600 IN A " + root.address() + "\n");
    auto text = replaced(unbound_config, {{"ADDRESS", address}, {"FOLDER", folder.path("")}});
    for (const auto& server : servers) text += "  send-client-subnet: " + server + "\n";
    const auto config =
        folder.write(site.name() + ".unbound", text + "remote-control:\n  control-enable: no\n");
    return std::make_unique<support::Process>(site.inside({"unbound", "-d", "-p", "-c", config}));
}

}  // namespace wan
