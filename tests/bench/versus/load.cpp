// SPDX-License-Identifier: Apache-2.0
// Asks a name server on loopback as fast as it answers, or at a fixed rate, checks the answers, and
// prints what came of it as a line of JSON. It never sleeps: what it measures shall be the server.
// A flood comes from the same thread, in between: two that share a core would wait for each other.
#include "tests/bench/versus/flood.hpp"
#include "tests/bench/versus/ledger.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace versus {
namespace {

constexpr unsigned batch = 32;                      // datagrams to one system call
constexpr std::size_t largest_answer = 65'535 + 2;  // over TCP, with its length
constexpr std::chrono::milliseconds look_for_lost{100};
constexpr double most_per_second = 500'000;  // for which there is room from the beginning

struct Settings {
    std::string file;
    std::uint16_t port = 53;
    double seconds = 2;
    std::size_t count = 0;  // of queries; 0: as many as there is time for
    std::size_t window = 100;
    double rate = 0;           // queries a second; 0: as many as the window lets through
    unsigned connections = 0;  // TCP; 0: UDP
    std::string flood;         // a file of datagrams to send meanwhile, over UDP
    std::string flood_from;
    Check check = Check::Answer;
};

volatile std::sig_atomic_t stopped = 0;

[[noreturn]] void fail(const char* what) {
    throw std::system_error{errno, std::generic_category(), what};
}

class Socket {
 public:
    Socket(int type, std::uint16_t port) : number_{::socket(AF_INET, type | SOCK_CLOEXEC, 0)} {
        sockaddr_in server{};
        server.sin_family = AF_INET;
        server.sin_port = htons(port);
        server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        constexpr int room = 8 << 20;  // the server's bursts of answers must not be lost here
        ::setsockopt(number_, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
        constexpr int on = 1;
        if (type == SOCK_STREAM) ::setsockopt(number_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(number_, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
            fail("connect");
    }
    ~Socket() { ::close(number_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }

 private:
    int number_;
};

/// Until when queries are sent, and how many may be sent now.
class Pace {
 public:
    explicit Pace(const Settings& settings)
        : settings_{settings}, began_{Clock::now()}, now_{began_}, next_look_{began_} {}

    Clock::time_point tick() { return now_ = Clock::now(); }
    [[nodiscard]] bool over(const Ledger& ledger) const {
        return stopped != 0 || took().count() >= settings_.seconds ||
               (settings_.count != 0 && ledger.asked() >= settings_.count);
    }
    [[nodiscard]] std::size_t allowed(const Ledger& ledger) const {
        const auto room = [&](std::size_t most, std::size_t used) {
            return most > used ? most - used : 0;
        };
        auto due = settings_.count == 0 ? most_waiting : room(settings_.count, ledger.asked());
        if (settings_.rate <= 0) return std::min(due, room(settings_.window, ledger.waiting()));
        const auto by_now = static_cast<std::size_t>(settings_.rate * took().count());
        due = std::min(due, room(most_waiting, ledger.waiting()));
        return std::min(due, room(by_now, ledger.asked()));
    }
    void look_for_overdue(Ledger& ledger) {
        if (now_ < next_look_) return;
        ledger.give_up_overdue(now_);
        next_look_ = now_ + look_for_lost;
    }
    [[nodiscard]] std::chrono::duration<double> took() const { return now_ - began_; }

 private:
    const Settings& settings_;
    Clock::time_point began_;
    Clock::time_point now_;
    Clock::time_point next_look_;
};

/// A batch of datagrams to be sent or received.
class Datagrams {
 public:
    Datagrams() {
        for (unsigned i = 0; i < batch; ++i) {
            parts_[i] = {buffers_[i].data(), buffers_[i].size()};
            messages_[i].msg_hdr.msg_iov = &parts_[i];
            messages_[i].msg_hdr.msg_iovlen = 1;
        }
    }
    void receive(int socket, Ledger& ledger, Clock::time_point now) {
        for (auto& part : parts_) part.iov_len = buffers_[0].size();
        const int got = ::recvmmsg(socket, messages_.data(), batch, MSG_DONTWAIT, nullptr);
        for (int i = 0; i < got; ++i) {
            const auto at = static_cast<std::size_t>(i);
            ledger.take(Octets{buffers_[at]}.first(messages_[at].msg_len), now);
        }
    }
    void send(int socket, Ledger& ledger, std::size_t count, Clock::time_point now) {
        const auto size = std::min<std::size_t>(count, batch);
        for (std::size_t i = 0; i < size; ++i) {
            parts_[i].iov_len = ledger.ask(std::span{buffers_[i]}.first<largest_query>(), now);
        }
        for (std::size_t sent = 0; sent < size;) {
            const int done =
                ::sendmmsg(socket, messages_.data() + sent, static_cast<unsigned>(size - sent), 0);
            if (done > 0) sent += static_cast<std::size_t>(done);
            if (done < 0 && errno != EINTR && errno != EAGAIN && errno != ECONNREFUSED)
                fail("sendmmsg");
        }
    }

 private:
    std::array<std::array<std::uint8_t, 4096>, batch> buffers_{};
    std::array<iovec, batch> parts_{};
    std::array<mmsghdr, batch> messages_{};
};

void ask_by_udp(const Settings& settings, Ledger& ledger, Pace& pace, Flood* flood) {
    const Socket socket{SOCK_DGRAM, settings.port};
    const auto out = std::make_unique<Datagrams>();
    const auto in = std::make_unique<Datagrams>();
    while (!pace.over(ledger)) {
        const auto now = pace.tick();
        if (const auto allowed = pace.allowed(ledger))
            out->send(socket.number(), ledger, allowed, now);
        if (flood != nullptr) flood->send();
        in->receive(socket.number(), ledger, pace.tick());
        pace.look_for_overdue(ledger);
    }
    while (ledger.waiting() > 0) {
        in->receive(socket.number(), ledger, Clock::now());
        ledger.give_up_overdue(Clock::now());
    }
}

/// A connection on which a fixed number of queries waits for answers all the time.
class Stream {
 public:
    explicit Stream(const Settings& settings)
        : socket_{SOCK_STREAM, settings.port}, most_{settings.window / settings.connections} {}
    [[nodiscard]] int number() const noexcept { return socket_.number(); }

    /// Sends as many queries as are missing, in one segment.
    void ask(Ledger& ledger, const Pace& pace, Clock::time_point now) {
        std::size_t size = 0;
        auto allowed = std::min(most_ - waiting_, pace.allowed(ledger));
        allowed = std::min(allowed, output_.size() / (largest_query + 2));
        for (; allowed > 0; --allowed, ++waiting_) {
            const auto room = std::span{output_}.subspan(size + 2).first<largest_query>();
            const auto length = ledger.ask(room, now);
            output_[size] = static_cast<std::uint8_t>(length >> 8);
            output_[size + 1] = static_cast<std::uint8_t>(length);
            size += 2 + length;
        }
        if (size > 0 &&
            ::send(number(), output_.data(), size, MSG_NOSIGNAL) != static_cast<ssize_t>(size)) {
            fail("send");
        }
    }
    void receive(Ledger& ledger, Clock::time_point now) {
        const auto got =
            ::recv(number(), input_.data() + filled_, input_.size() - filled_, MSG_DONTWAIT);
        if (got == 0) throw std::runtime_error{"the server has closed a connection"};
        if (got < 0) fail("recv");
        filled_ += static_cast<std::size_t>(got);
        std::size_t at = 0;
        while (filled_ - at >= 2 && filled_ - at - 2 >= read16(input_, at)) {
            const auto length = read16(input_, at);
            if (ledger.take(Octets{input_}.subspan(at + 2, length), now)) --waiting_;
            at += std::size_t{2} + length;
        }
        std::memmove(input_.data(), input_.data() + at, filled_ - at);
        filled_ -= at;
    }

 private:
    Socket socket_;
    std::size_t most_;
    std::size_t waiting_ = 0;
    std::array<std::uint8_t, 32768> output_{};
    std::array<std::uint8_t, largest_answer> input_{};
    std::size_t filled_ = 0;
};

void ask_by_tcp(const Settings& settings, Ledger& ledger, Pace& pace) {
    const int readiness = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<std::unique_ptr<Stream>> streams;
    for (unsigned i = 0; i < settings.connections; ++i) {
        streams.push_back(std::make_unique<Stream>(settings));
        epoll_event event{.events = EPOLLIN, .data = {.ptr = streams.back().get()}};
        ::epoll_ctl(readiness, EPOLL_CTL_ADD, streams.back()->number(), &event);
    }
    for (const auto& stream : streams) stream->ask(ledger, pace, pace.tick());
    std::array<epoll_event, batch> events{};
    while (ledger.waiting() > 0) {
        const int ready = ::epoll_wait(readiness, events.data(), batch, 0);
        for (int i = 0; i < ready; ++i) {
            auto& stream = *static_cast<Stream*>(events[static_cast<std::size_t>(i)].data.ptr);
            stream.receive(ledger, pace.tick());
            if (!pace.over(ledger)) stream.ask(ledger, pace, pace.tick());
        }
        pace.tick();
        pace.look_for_overdue(ledger);
    }
    ::close(readiness);
}

Settings settings_from(int count, char** words) {
    Settings settings;
    CLI::App app{"Asks a name server on 127.0.0.1 and checks its answers"};
    app.add_option("--port", settings.port)->required();
    app.add_option("--seconds", settings.seconds, "how long; SIGINT ends it earlier");
    app.add_option("--count", settings.count, "queries after which it ends");
    app.add_option("--window", settings.window, "queries that wait for answers, of all connections")
        ->check(CLI::Range(std::size_t{1}, most_waiting));
    app.add_option("--rate", settings.rate, "queries a second, over UDP, instead of a window");
    app.add_option("--tcp", settings.connections, "connections");
    auto* flood = app.add_option("--flood", settings.flood, "datagrams to send as fast as can be");
    app.add_option("--flood-from", settings.flood_from, "random addresses of this prefix")
        ->needs(flood);
    app.add_flag_callback("--question-only", [&] { settings.check = Check::QuestionOnly; });
    app.add_option("file", settings.file, "queries and what their answers must be")->required();
    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& fault) {
        std::exit(app.exit(fault));
    }
    return settings;
}

int load(const Settings& settings) {
    const Questions questions{settings.file};
    Ledger ledger{questions, settings.check,
                  static_cast<std::size_t>(most_per_second * std::min(settings.seconds, 20.0))};
    std::signal(SIGINT, [](int) { stopped = 1; });
    std::optional<Flood> flood;
    if (!settings.flood.empty()) flood.emplace(settings.flood, settings.flood_from, settings.port);
    Pace pace{settings};
    if (settings.connections > 0) {
        ask_by_tcp(settings, ledger, pace);
    } else {
        ask_by_udp(settings, ledger, pace, flood ? &*flood : nullptr);
    }
    std::cout << ledger.report(pace.took(), flood ? flood->sent() : 0) << std::endl;
    return 0;
}

}  // namespace
}  // namespace versus

int main(int count, char** words) {
    try {
        return versus::load(versus::settings_from(count, words));
    } catch (const std::exception& fault) {
        std::cerr << "load: " << fault.what() << '\n';
        return 1;
    }
}
