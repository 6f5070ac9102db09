// SPDX-License-Identifier: Apache-2.0
#pragma once
// When the state file is written: soon after a change, once for all changes of a moment, and
// regularly. Control thread only.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace control {

class SaveBeat {
 public:
    SaveBeat(boost::asio::io_context& context, std::function<void()> save);

    void soon();

 private:
    void regularly();

    std::function<void()> save_;
    boost::asio::steady_timer soon_timer_;
    boost::asio::steady_timer regular_timer_;
    bool asked_ = false;
};

}  // namespace control
