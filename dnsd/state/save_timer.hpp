// SPDX-License-Identifier: Apache-2.0
#pragma once
// Decides when the state is written: 300 ms after a change, one write for all changes of that time,
// and every 30 seconds without changes too. Control thread only.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace control {

class SaveTimer {
 public:
    SaveTimer(boost::asio::io_context& context, std::function<void()> save);

    void soon();

 private:
    void regularly();

    std::function<void()> save_;
    boost::asio::steady_timer soon_timer_;
    boost::asio::steady_timer regular_timer_;
    bool asked_ = false;
};

}  // namespace control
