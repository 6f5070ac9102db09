// SPDX-License-Identifier: Apache-2.0
#include "probes/check/inheritance.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace probes {
namespace {

void require(long status) {
    if (status != 0) throw std::system_error{errno, std::generic_category()};
}

}  // namespace

void pass_on_no_privileges() {
    require(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    require(::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    require(::syscall(SYS_capget, &header, sets.data()));
    for (auto& set : sets) set.inheritable = 0;
    // A system call filter may forbid this. Without ambient capabilities, inheritable ones matter
    // only to a file that asks for them, and such a file gains nothing either.
    static_cast<void>(::syscall(SYS_capset, &header, sets.data()));
}

}  // namespace probes
