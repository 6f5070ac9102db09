// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/device.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace wan {
namespace {

int checked(int result, const std::string& what) {
    if (result < 0) throw std::system_error{errno, std::generic_category(), what};
    return result;
}

void enter_namespace(const std::string& path) {
    const int space = checked(open(path.c_str(), O_RDONLY | O_CLOEXEC), path);
    const int entered = setns(space, CLONE_NEWNET);
    close(space);
    checked(entered, "setns " + path);
}

}  // namespace

int open_device(pid_t process) {
    const int own = checked(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), "own namespace");
    enter_namespace("/proc/" + std::to_string(process) + "/ns/net");
    const int device =
        checked(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), "/dev/net/tun");
    ifreq request{};
    std::strncpy(static_cast<char*>(request.ifr_name), device_name, IFNAMSIZ - 1);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    checked(ioctl(device, TUNSETIFF, &request), "TUNSETIFF");
    checked(setns(own, CLONE_NEWNET), "setns back");
    close(own);
    return device;
}

}  // namespace wan
