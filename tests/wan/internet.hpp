// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything at once: home, three edges, a parent zone and four client networks, joined by the
// emulator. Only addresses are the test's own: every program is the one that users run.

#include "tests/support/temporary_folder.hpp"
#include "tests/wan/relays.hpp"
#include "tests/wan/remote.hpp"
#include "tests/wan/set_up.hpp"
#include "tests/wan/site.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wan {

/// A way on which a client's download goes through one of the edges.
struct Download {
    int status = -1;   // of curl
    std::string edge;  // through which it went; empty when there was no connection
    std::string octets;
};

/// A VM: relay and name server.
class Edge {
 public:
    Edge(const Site& site, RelayKind kind) : site_{&site}, kind_{kind} {}

    [[nodiscard]] const Site& site() const noexcept { return *site_; }
    [[nodiscard]] RelayKind kind() const noexcept { return kind_; }
    /// Facts of `_probes`, asked for at the site itself: `fact("singapore", "state")`.
    [[nodiscard]] std::string fact(const std::string& edge, const std::string& key) const;
    /// RCODE and addresses that this name server answers for a client of this subnet.
    [[nodiscard]] std::string answer(const std::string& subnet) const;
    /// The line of `_why` that begins with `key=value`, for a client of this subnet.
    [[nodiscard]] std::string why(const std::string& subnet, const std::string& begin) const;
    /// How often this stands in what `isochrone status` or `clients` prints there.
    [[nodiscard]] std::size_t count(const std::string& command, const std::string& text) const;
    /// As a machine whose power fails.
    void die();

    std::unique_ptr<support::Process> relay;
    std::unique_ptr<support::Process> server;

 private:
    const Site* site_;
    RelayKind kind_;
};

class Internet {
 public:
    /// Whether the servers are told of each other: the "node" of their settings. `SetUp`: they are, by
    /// files that `isochrone setup` wrote; places are those of the built-in database then.
    enum class Nodes : std::uint8_t { Alone, Together, SetUp };
    /// Rows of the places file, instead of the right ones of these client networks.
    using Misplaced = std::map<std::string, std::string>;
    explicit Internet(Nodes nodes = Nodes::Alone, const Misplaced& misplaced = {});

    [[nodiscard]] Edge& edge(const std::string& name) { return edges_.at(name); }
    [[nodiscard]] const std::vector<std::string>& clients() const noexcept { return clients_; }
    [[nodiscard]] const std::vector<std::string>& edges() const noexcept { return edge_names_; }
    [[nodiscard]] const Home& home() const noexcept { return *home_; }
    [[nodiscard]] std::string address_of(const std::string& site) const;
    /// The network of a client in the form of +subnet.
    [[nodiscard]] std::string subnet_of(const std::string& client) const;

    /// Commands of commands.hpp to the network.
    std::string tell(const std::string& line) { return network_->tell(line); }
    /// Stops the name servers in order, and starts all again with what they have kept.
    void restart_servers();

    /// "NOERROR frankfurt": the RCODE and the edges that a client's resolver answers.
    [[nodiscard]] std::string resolve(const std::string& client) const;
    /// A part of the film, by the name that everybody uses.
    [[nodiscard]] Download download(const std::string& client, std::size_t from = 0,
                                    std::size_t octets = 64 * 1024) const;
    /// Begins to fetch all of the film at this speed, in octets per second.
    [[nodiscard]] std::unique_ptr<support::Process> watch(const std::string& client,
                                                          std::size_t speed) const;
    /// Downloads until one goes through this edge. False when the patience ends.
    [[nodiscard]] bool comes_to(const std::string& client, const std::string& edge) const;

 private:
    void add_sites();
    void join_sites();
    void start_edges();
    void set_up_edges();
    void start_servers();
    void await_servers();
    void start_server(Edge& edge);
    void write_settings(const Edge& edge) const;
    void start_name_servers();
    void await_name_servers();
    [[nodiscard]] const Site& site(const std::string& name) const { return *sites_.at(name); }
    [[nodiscard]] std::string edge_at(const std::string& address) const;

    support::TemporaryFolder folder_;
    Nodes nodes_;
    std::map<std::string, std::unique_ptr<Site>> sites_;
    std::vector<std::string> clients_;
    std::vector<std::string> edge_names_;
    std::unique_ptr<RemoteNetwork> network_;
    std::unique_ptr<Home> home_;
    std::unique_ptr<SetUpFolder> set_up_;  // null but for Nodes::SetUp
    std::map<std::string, Edge> edges_;
    std::vector<std::unique_ptr<support::Process>> name_servers_;  // the parent zone's is the first
};

}  // namespace wan
