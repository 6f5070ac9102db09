// SPDX-License-Identifier: Apache-2.0
// The WAN emulator as a program: wan_emulator SOCKET [PLAN]. Obeys the lines of the plan, says so,
// and then takes commands from the socket until it is killed.

#include "tests/wan/emulator.hpp"

#include <boost/asio/io_context.hpp>

#include <exception>
#include <fstream>
#include <iostream>

#include <sys/resource.h>

namespace {

int fail(const std::string& text) {
    std::cerr << "wan_emulator: " << text << std::endl;
    return 1;
}

int run(const std::string& socket, const std::string& plan) {
    // Delays are only as good as the moment at which this process gets the processor. Who may not
    // ask for that has a coarser network.
    setpriority(PRIO_PROCESS, 0, -20);
    boost::asio::io_context context{1};
    wan::Emulator emulator{context};
    std::ifstream lines{plan};
    if (!lines) return fail("cannot read " + plan);
    for (std::string line; std::getline(lines, line);) {
        const auto reply = emulator.obey(line);
        if (reply != "done") return fail(line + ": " + reply);
    }
    emulator.listen(socket);
    std::cerr << "wan_emulator: ready" << std::endl;
    context.run();
    return 0;
}

}  // namespace

int main(int count, char** arguments) try {
    if (count < 2 || count > 3) return fail("expected: SOCKET [PLAN]");
    return run(arguments[1], count == 3 ? arguments[2] : "/dev/null");
} catch (const std::exception& fault) {
    return fail(fault.what());
}
