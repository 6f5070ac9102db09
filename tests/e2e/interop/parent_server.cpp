// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/interop/parent_server.hpp"

namespace e2e {
namespace {

constexpr const char* root_zone =
    ". 3600 IN SOA a.root. a.root. 1 3600 600 86400 60\n"
    ". 3600 IN NS a.root.\n"
    "a.root. 3600 IN A 203.0.113.53\n"
    "example.com. 3600 IN NS ns.example.com.\n"
    "ns.example.com. 3600 IN A 203.0.113.53\n";

constexpr const char* parent_records =
    "example.com. 3600 IN SOA ns.example.com. a.example.com. 1 3600 600 86400 60\n"
    "example.com. 3600 IN NS ns.example.com.\n"
    "ns.example.com. 3600 IN A 203.0.113.53\n";

}  // namespace

PeerZone parent_zone(const std::string& delegation) {
    return {"example.com", parent_records + delegation};
}

PeerServer parent_server(const std::string& delegation) {
    return {
        PeerServer::Kind::Nsd, {{".", root_zone}, parent_zone(delegation)}, {parent_address, 53}};
}

}  // namespace e2e
