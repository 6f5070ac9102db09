// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/set_up.hpp"

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/quoted_words.hpp"
#include "tests/wan/document.hpp"
#include "tests/wan/relays.hpp"

#include <sstream>
#include <stdexcept>

namespace wan {
namespace {

/// A machine's /etc, as far as its programs read it, and room for what they write. $0 is a new folder.
/// The user of the server is another one than root where the namespace has others.
constexpr const char* own_machine = R"sh(
set -eu
mkdir -p "$0/etc" "$0/bin"
for name in nginx passwd group nsswitch.conf ld.so.cache login.defs hosts; do
    [ ! -e "/etc/$name" ] || cp -a "/etc/$name" "$0/etc/"
done
read -r _ _ ids </proc/self/gid_map
id=990
[ "$ids" -gt 1000 ] || id=0
echo "isochrone:x:$id:" >>"$0/etc/group"
echo "isochrone:x:$id:$id::/nonexistent:/usr/sbin/nologin" >>"$0/etc/passwd"
mount --bind "$0/etc" /etc
for place in /run /var/log /var/lib; do mount -t tmpfs tmpfs "$place"; done
mkdir -p /var/log/nginx /var/lib/nginx
install -d -o "$id" -g "$id" -m 0700 /var/lib/isochrone
for name in apt-get systemctl sysctl modprobe; do
    printf '#!/bin/sh\necho "$0 $*"\n' >"$0/bin/$name"
    chmod +x "$0/bin/$name"
done
nft -f - <<END
table inet filter {
    chain input {
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        iif lo accept
    }
}
END
)sh";

/// The first block of commands behind this line.
std::string commands_behind(const std::string& page, const std::string& line) {
    const auto at = page.find("\n" + line + "\n");
    const auto begin = page.find("```sh\n", at);
    if (at == page.npos || begin == page.npos)
        throw std::runtime_error{"no commands behind " + line};
    return page.substr(begin + 6, page.find("\n```\n", begin) - begin - 5);
}

void run_well(const Site& site, const support::Command& command) {
    const auto finished = site.run(command);
    if (finished.status != 0)
        throw std::runtime_error{site.name() + ": " + command.back() + "\n" + finished.output +
                                 finished.errors};
}

}  // namespace

SetUpFolder::SetUpFolder(const std::vector<const Site*>& edges, const Site& home,
                         const support::TemporaryFolder& folder)
    : folder_{folder.path("setup")} {
    auto command =
        replaced(block_of_page("setup.md", "it writes all files:"),
                 {{"isochrone setup", std::string{ISOCHRONE} + " setup --out " + folder_},
                  {"10.8.0.2:32400", home.address() + ":32400"}});
    for (const auto* edge : edges) {
        const auto at = command.find(edge->name() + "=");
        if (at == command.npos)
            throw std::runtime_error{"docs/setup.md has no edge " + edge->name()};
        const auto begin = at + edge->name().size() + 1;
        command.replace(begin, command.find_first_of(" \n", begin) - begin, edge->address());
    }
    const auto finished = support::run({"sh", "-c", command});
    if (finished.status != 0) throw std::runtime_error{command + "\n" + finished.errors};
    page_ = support::contents(folder_ + "/DO-THIS.md");
}

void SetUpFolder::install(const Site& edge) const {
    const auto machine = folder_ + "." + edge.name();
    run_well(edge, {"sh", "-c", own_machine, machine});
    const auto commands = commands_behind(page_, "On " + edge.name() + ", as root:");
    run_well(edge,
             {"sh", "-c",
              "set -eu; ln -s " ISOCHRONE " \"$0/bin/isochrone\"; PATH=\"$0/bin:$PATH\"; cd " +
                  folder_ + "\n" + commands + "nft -f " + edge.name() + "/firewall.nft\n",
              machine});
}

std::unique_ptr<support::Process> SetUpFolder::start_relay(const Site& edge) {
    auto process = std::make_unique<support::Process>(edge.inside({"nginx", "-g", "daemon off;"}));
    if (!e2e::eventually([&] { return edge.listens(media_port) || process->status() >= 0; }) ||
        process->status() >= 0)
        throw std::runtime_error{edge.name() + ": no relay: " + process->errors()};
    return process;
}

std::unique_ptr<support::Process> SetUpFolder::start_server(const Site& edge) {
    return std::make_unique<support::Process>(
        edge.inside({ISOCHRONE, "serve", "--user", "isochrone"}));
}

std::string SetUpFolder::delegation() const {
    std::string lines;
    std::istringstream page{page_};
    for (std::string line; std::getline(page, line);) {
        // | `plex.example.com` | NS | `ns1.plex.example.com` | 300 |
        std::istringstream words{line};
        std::string bar, name, type, value, ttl;
        words >> bar >> name >> bar >> type >> bar >> value >> bar >> ttl;
        if (!line.starts_with("| `") || ttl.empty()) continue;
        const auto bare = [](const std::string& quoted) {
            return quoted.substr(1, quoted.size() - 2);
        };
        lines += bare(name) + ". " + ttl + " IN " + type + " " + bare(value) +
                 (type == "NS" ? ".\n" : "\n");
    }
    return lines;
}

}  // namespace wan
