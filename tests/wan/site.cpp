// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/site.hpp"

#include "tests/wan/device.hpp"

#include <stdexcept>
#include <utility>

namespace wan {
namespace {

/// $0 is the file of the resolver, or nothing.
constexpr const char* hold =
    R"([ -z "$0" ] || mount --bind "$0" /etc/resolv.conf || exit 1
       echo holds >&2; exec sleep infinity)";

}  // namespace

Site::Site(SitePlan plan, const std::string& resolver)
    : plan_{std::move(plan)}, holder_{{"unshare", "--net", "--mount", "sh", "-c", hold, resolver}} {
    holder_.wait_for("holds");
}

std::string Site::introduction() const {
    return "site " + plan_.name + " " + std::to_string(holder_.pid()) + " " + plan_.prefix + "\n";
}

void Site::bring_up() const {
    std::string script =
        "set -e; ip link set lo up; ip link set " + std::string{device_name} + " up";
    for (const auto& address : plan_.addresses)
        script += "; ip address add " + address + "/32 dev " + device_name;
    script += "; ip route add default dev " + std::string{device_name};
    const auto finished = run({"sh", "-c", script});
    if (finished.status != 0) throw std::runtime_error{plan_.name + ": " + finished.errors};
}

support::Command Site::inside(const support::Command& command) const {
    const auto spaces = "/proc/" + std::to_string(holder_.pid()) + "/ns/";
    support::Command words{"nsenter", "--net=" + spaces + "net", "--mount=" + spaces + "mnt"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

support::Finished Site::run(const support::Command& command) const {
    return support::run(inside(command));
}

bool Site::listens(std::uint16_t port) const {
    return !run({"ss", "-Hltn", "sport = :" + std::to_string(port)}).output.empty();
}

}  // namespace wan
