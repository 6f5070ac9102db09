// SPDX-License-Identifier: Apache-2.0
#include "geo/place/cities.hpp"

#include "geo/place/countries.hpp"

#include <algorithm>
#include <functional>

namespace geo {
namespace {

// Coordinates out of GeoNames (CC BY 4.0). A new row goes where byte order puts its name; a second
// spelling of a place is a row of its own.
// clang-format off
constexpr City all_cities[] = {
    {"Aarhus", "", "DK", {56.16, 10.21}},
    {"Abidjan", "", "CI", {5.35, -4.00}},
    {"Abilene", "TX", "US", {32.45, -99.73}},
    {"Abu Dhabi", "", "AE", {24.45, 54.40}},
    {"Abuja", "", "NG", {9.06, 7.50}},
    {"Accra", "", "GH", {5.56, -0.20}},
    {"Addis Ababa", "", "ET", {9.02, 38.75}},
    {"Adelaide", "SA", "AU", {-34.93, 138.60}},
    {"Albany", "NY", "US", {42.65, -73.76}},
    {"Alblasserdam", "", "NL", {51.87, 4.66}},
    {"Albuquerque", "NM", "US", {35.08, -106.65}},
    {"Algiers", "", "DZ", {36.73, 3.09}},
    {"Almaty", "", "KZ", {43.26, 76.93}},
    {"Altoona", "IA", "US", {41.64, -93.46}},
    {"Amman", "", "JO", {31.96, 35.95}},
    {"Amsterdam", "", "NL", {52.37, 4.89}},
    {"Anchorage", "AK", "US", {61.22, -149.90}},
    {"Ankara", "", "TR", {39.92, 32.85}},
    {"Antananarivo", "", "MG", {-18.91, 47.54}},
    {"Antwerp", "", "BE", {51.22, 4.40}},
    {"Arezzo", "", "IT", {43.46, 11.88}},
    {"Ashburn", "VA", "US", {39.04, -77.49}},
    {"Ashgabat", "", "TM", {37.95, 58.38}},
    {"Astana", "", "KZ", {51.18, 71.45}},
    {"Asuncion", "", "PY", {-25.29, -57.65}},
    {"Asunción", "", "PY", {-25.29, -57.65}},
    {"Athens", "", "GR", {37.98, 23.73}},
    {"Athens", "GA", "US", {33.96, -83.38}},
    {"Atlanta", "GA", "US", {33.75, -84.39}},
    {"Auckland", "", "NZ", {-36.85, 174.76}},
    {"Aurora", "CO", "US", {39.73, -104.83}},
    {"Aurora", "IL", "US", {41.76, -88.32}},
    {"Austin", "TX", "US", {30.27, -97.74}},
    {"Baghdad", "", "IQ", {33.34, 44.40}},
    {"Baku", "", "AZ", {40.38, 49.89}},
    {"Baltimore", "MD", "US", {39.29, -76.61}},
    {"Bamako", "", "ML", {12.65, -8.00}},
    {"Bangalore", "", "IN", {12.97, 77.59}},
    {"Bangkok", "", "TH", {13.75, 100.50}},
    {"Barcelona", "", "ES", {41.39, 2.16}},
    {"Barrie", "ON", "CA", {44.40, -79.67}},
    {"Batam", "", "ID", {1.15, 104.02}},
    {"Beauharnois", "QC", "CA", {45.31, -73.87}},
    {"Beijing", "", "CN", {39.91, 116.40}},
    {"Beirut", "", "LB", {33.89, 35.50}},
    {"Belgrade", "", "RS", {44.80, 20.47}},
    {"Belo Horizonte", "", "BR", {-19.92, -43.94}},
    {"Bengaluru", "", "IN", {12.97, 77.59}},
    {"Bergamo", "", "IT", {45.70, 9.67}},
    {"Berlin", "", "DE", {52.52, 13.41}},
    {"Bilbao", "", "ES", {43.26, -2.93}},
    {"Birmingham", "", "GB", {52.48, -1.90}},
    {"Birmingham", "AL", "US", {33.52, -86.80}},
    {"Bishkek", "", "KG", {42.87, 74.59}},
    {"Boardman", "OR", "US", {45.84, -119.70}},
    {"Bogota", "", "CO", {4.61, -74.08}},
    {"Bogotá", "", "CO", {4.61, -74.08}},
    {"Boise", "ID", "US", {43.61, -116.20}},
    {"Bordeaux", "", "FR", {44.84, -0.58}},
    {"Boston", "MA", "US", {42.36, -71.06}},
    {"Boydton", "VA", "US", {36.67, -78.39}},
    {"Brasilia", "", "BR", {-15.78, -47.93}},
    {"Brasília", "", "BR", {-15.78, -47.93}},
    {"Bratislava", "", "SK", {48.15, 17.11}},
    {"Brazzaville", "", "CG", {-4.27, 15.28}},
    {"Brisbane", "QLD", "AU", {-27.47, 153.03}},
    {"Bristol", "", "GB", {51.46, -2.60}},
    {"Brno", "", "CZ", {49.20, 16.61}},
    {"Brussels", "", "BE", {50.85, 4.35}},
    {"Bucharest", "", "RO", {44.43, 26.11}},
    {"Budapest", "", "HU", {47.50, 19.04}},
    {"Buenos Aires", "", "AR", {-34.61, -58.38}},
    {"Buffalo", "NY", "US", {42.89, -78.88}},
    {"Busan", "", "KR", {35.10, 129.03}},
    {"Cairo", "", "EG", {30.06, 31.25}},
    {"Calgary", "AB", "CA", {51.05, -114.09}},
    {"Cambridge", "", "GB", {52.20, 0.12}},
    {"Cambridge", "MA", "US", {42.38, -71.11}},
    {"Canberra", "ACT", "AU", {-35.28, 149.13}},
    {"Cape Town", "", "ZA", {-33.93, 18.42}},
    {"Caracas", "", "VE", {10.49, -66.88}},
    {"Cardiff", "", "GB", {51.48, -3.18}},
    {"Carteret", "NJ", "US", {40.58, -74.23}},
    {"Casablanca", "", "MA", {33.59, -7.61}},
    {"Cebu", "", "PH", {10.32, 123.89}},
    {"Chandler", "AZ", "US", {33.31, -111.84}},
    {"Changhua", "", "TW", {24.08, 120.54}},
    {"Charleston", "SC", "US", {32.78, -79.93}},
    {"Charlotte", "NC", "US", {35.23, -80.84}},
    {"Chengdu", "", "CN", {30.67, 104.07}},
    {"Chennai", "", "IN", {13.09, 80.28}},
    {"Cheyenne", "WY", "US", {41.14, -104.82}},
    {"Chicago", "IL", "US", {41.85, -87.65}},
    {"Chisinau", "", "MD", {47.01, 28.86}},
    {"Chittagong", "", "BD", {22.34, 91.83}},
    {"Chișinău", "", "MD", {47.01, 28.86}},
    {"Chongqing", "", "CN", {29.56, 106.55}},
    {"Christchurch", "", "NZ", {-43.53, 172.63}},
    {"Chuncheon", "", "KR", {37.87, 127.73}},
    {"Cincinnati", "OH", "US", {39.13, -84.51}},
    {"Clarksville", "TN", "US", {36.53, -87.36}},
    {"Cleveland", "OH", "US", {41.50, -81.70}},
    {"Cluj-Napoca", "", "RO", {46.77, 23.60}},
    {"Cologne", "", "DE", {50.93, 6.95}},
    {"Colombo", "", "LK", {6.94, 79.85}},
    {"Colorado Springs", "CO", "US", {38.83, -104.82}},
    {"Columbus", "GA", "US", {32.46, -84.99}},
    {"Columbus", "OH", "US", {39.96, -83.00}},
    {"Conakry", "", "GN", {9.54, -13.68}},
    {"Copenhagen", "", "DK", {55.68, 12.57}},
    {"Cordoba", "", "AR", {-31.41, -64.18}},
    {"Cordoba", "", "ES", {37.89, -4.77}},
    {"Council Bluffs", "IA", "US", {41.26, -95.86}},
    {"Curitiba", "", "BR", {-25.43, -49.27}},
    {"Cyberjaya", "", "MY", {2.92, 101.65}},
    {"Córdoba", "", "AR", {-31.41, -64.18}},
    {"Córdoba", "", "ES", {37.89, -4.77}},
    {"Dakar", "", "SN", {14.69, -17.44}},
    {"Dallas", "TX", "US", {32.78, -96.81}},
    {"Damascus", "", "SY", {33.51, 36.29}},
    {"Dar es Salaam", "", "TZ", {-6.82, 39.27}},
    {"Darwin", "NT", "AU", {-12.46, 130.84}},
    {"DeKalb", "IL", "US", {41.93, -88.75}},
    {"Delhi", "", "IN", {28.65, 77.23}},
    {"Denver", "CO", "US", {39.74, -104.98}},
    {"Des Moines", "IA", "US", {41.60, -93.61}},
    {"Detroit", "MI", "US", {42.33, -83.05}},
    {"Dhaka", "", "BD", {23.71, 90.41}},
    {"Doha", "", "QA", {25.29, 51.53}},
    {"Douala", "", "CM", {4.05, 9.70}},
    {"Douglasville", "GA", "US", {33.75, -84.75}},
    {"Dronten", "", "NL", {52.52, 5.72}},
    {"Dubai", "", "AE", {25.08, 55.31}},
    {"Dublin", "", "IE", {53.33, -6.25}},
    {"Dublin", "OH", "US", {40.10, -83.11}},
    {"Durban", "", "ZA", {-29.86, 31.03}},
    {"Dushanbe", "", "TJ", {38.54, 68.78}},
    {"Dusseldorf", "", "DE", {51.22, 6.78}},
    {"Düsseldorf", "", "DE", {51.22, 6.78}},
    {"Edinburgh", "", "GB", {55.95, -3.20}},
    {"Edmonton", "AB", "CA", {53.55, -113.47}},
    {"Eemshaven", "", "NL", {53.44, 6.83}},
    {"El Paso", "TX", "US", {31.76, -106.49}},
    {"El Segundo", "CA", "US", {33.92, -118.42}},
    {"Elk Grove Village", "IL", "US", {42.00, -87.97}},
    {"Espoo", "", "FI", {60.21, 24.65}},
    {"Eygelshoven", "", "NL", {50.89, 6.06}},
    {"Falkenstein", "", "DE", {50.48, 12.37}},
    {"Fort Worth", "TX", "US", {32.73, -97.32}},
    {"Fortaleza", "", "BR", {-3.72, -38.54}},
    {"Frankfurt", "", "DE", {50.12, 8.68}},
    {"Frankfurt am Main", "", "DE", {50.12, 8.68}},
    {"Fredericia", "", "DK", {55.57, 9.75}},
    {"Freetown", "", "SL", {8.49, -13.24}},
    {"Fremont", "CA", "US", {37.55, -121.99}},
    {"Fresno", "CA", "US", {36.75, -119.77}},
    {"Fukuoka", "", "JP", {33.60, 130.42}},
    {"Gdansk", "", "PL", {54.35, 18.65}},
    {"Gdańsk", "", "PL", {54.35, 18.65}},
    {"Geneva", "", "CH", {46.20, 6.15}},
    {"Glasgow", "", "GB", {55.87, -4.26}},
    {"Gold Coast", "QLD", "AU", {-28.00, 153.43}},
    {"Goodyear", "AZ", "US", {33.44, -112.36}},
    {"Gothenburg", "", "SE", {57.71, 11.97}},
    {"Grand Rapids", "MI", "US", {42.96, -85.67}},
    {"Gravelines", "", "FR", {50.99, 2.13}},
    {"Graz", "", "AT", {47.07, 15.45}},
    {"Groningen", "", "NL", {53.22, 6.57}},
    {"Guadalajara", "", "MX", {20.67, -103.39}},
    {"Guangzhou", "", "CN", {23.12, 113.25}},
    {"Guatemala City", "", "GT", {14.64, -90.51}},
    {"Guayaquil", "", "EC", {-2.20, -79.89}},
    {"Gävle", "", "SE", {60.67, 17.14}},
    {"Haarlem", "", "NL", {52.38, 4.64}},
    {"Halifax", "NS", "CA", {44.65, -63.57}},
    {"Hamburg", "", "DE", {53.55, 9.99}},
    {"Hamilton", "ON", "CA", {43.25, -79.85}},
    {"Hamilton", "", "NZ", {-37.78, 175.28}},
    {"Hamina", "", "FI", {60.57, 27.20}},
    {"Hangzhou", "", "CN", {30.29, 120.16}},
    {"Hannover", "", "DE", {52.37, 9.73}},
    {"Hanoi", "", "VN", {21.02, 105.84}},
    {"Hanover", "", "DE", {52.37, 9.73}},
    {"Harare", "", "ZW", {-17.83, 31.05}},
    {"Hartford", "CT", "US", {41.76, -72.69}},
    {"Havana", "", "CU", {23.13, -82.38}},
    {"Helsinki", "", "FI", {60.17, 24.94}},
    {"Hillsboro", "OR", "US", {45.52, -122.99}},
    {"Ho Chi Minh City", "", "VN", {10.82, 106.63}},
    {"Hobart", "TAS", "AU", {-42.88, 147.33}},
    {"Hong Kong", "", "HK", {22.28, 114.17}},
    {"Honolulu", "HI", "US", {21.31, -157.86}},
    {"Houston", "TX", "US", {29.76, -95.36}},
    {"Hyderabad", "", "IN", {17.38, 78.46}},
    {"Hyderabad", "", "PK", {25.39, 68.37}},
    {"Incheon", "", "KR", {37.46, 126.71}},
    {"Indianapolis", "IN", "US", {39.77, -86.16}},
    {"Inzai", "", "JP", {35.83, 140.16}},
    {"Ishikari", "", "JP", {43.24, 141.35}},
    {"Islamabad", "", "PK", {33.72, 73.04}},
    {"Istanbul", "", "TR", {41.01, 28.95}},
    {"Izmir", "", "TR", {38.41, 27.14}},
    {"Jacksonville", "FL", "US", {30.33, -81.66}},
    {"Jakarta", "", "ID", {-6.21, 106.85}},
    {"Jeddah", "", "SA", {21.49, 39.19}},
    {"Jersey City", "NJ", "US", {40.73, -74.08}},
    {"Jerusalem", "", "IL", {31.77, 35.22}},
    {"Johannesburg", "", "ZA", {-26.20, 28.04}},
    {"Johor Bahru", "", "MY", {1.47, 103.76}},
    {"Kabul", "", "AF", {34.53, 69.17}},
    {"Kamloops", "BC", "CA", {50.67, -120.32}},
    {"Kampala", "", "UG", {0.32, 32.58}},
    {"Kansas City", "KS", "US", {39.11, -94.63}},
    {"Kansas City", "MO", "US", {39.10, -94.58}},
    {"Kaohsiung", "", "TW", {22.62, 120.31}},
    {"Karachi", "", "PK", {24.86, 67.01}},
    {"Karlsruhe", "", "DE", {49.01, 8.40}},
    {"Kathmandu", "", "NP", {27.70, 85.32}},
    {"Kazan", "", "RU", {55.79, 49.12}},
    {"Keflavik", "", "IS", {64.00, -22.56}},
    {"Kelowna", "BC", "CA", {49.88, -119.49}},
    {"Khabarovsk", "", "RU", {48.48, 135.08}},
    {"Kharkiv", "", "UA", {49.98, 36.25}},
    {"Khartoum", "", "SD", {15.55, 32.53}},
    {"Kiev", "", "UA", {50.45, 30.52}},
    {"Kigali", "", "RW", {-1.95, 30.06}},
    {"Kingston", "", "JM", {18.00, -76.79}},
    {"Kinshasa", "", "CD", {-4.33, 15.31}},
    {"Kitchener", "ON", "CA", {43.43, -80.51}},
    {"Kolkata", "", "IN", {22.56, 88.36}},
    {"Krakow", "", "PL", {50.06, 19.94}},
    {"Kraków", "", "PL", {50.06, 19.94}},
    {"Kuala Lumpur", "", "MY", {3.14, 101.69}},
    {"Kuwait City", "", "KW", {29.37, 47.98}},
    {"Kyiv", "", "UA", {50.45, 30.52}},
    {"Köln", "", "DE", {50.93, 6.95}},
    {"La Paz", "", "BO", {-16.50, -68.15}},
    {"Lagos", "", "NG", {6.45, 3.39}},
    {"Lahore", "", "PK", {31.56, 74.35}},
    {"Las Vegas", "NV", "US", {36.17, -115.14}},
    {"Leeds", "", "GB", {53.80, -1.55}},
    {"Lenoir", "NC", "US", {35.91, -81.54}},
    {"Lille", "", "FR", {50.63, 3.06}},
    {"Lilongwe", "", "MW", {-13.97, 33.79}},
    {"Lima", "", "PE", {-12.04, -77.03}},
    {"Limburg", "", "DE", {50.38, 8.05}},
    {"Lisbon", "", "PT", {38.72, -9.13}},
    {"Ljubljana", "", "SI", {46.05, 14.51}},
    {"Lomé", "", "TG", {6.13, 1.22}},
    {"London", "ON", "CA", {42.98, -81.23}},
    {"London", "", "GB", {51.51, -0.13}},
    {"Los Angeles", "CA", "US", {34.05, -118.24}},
    {"Louisville", "KY", "US", {38.25, -85.76}},
    {"Luanda", "", "AO", {-8.84, 13.23}},
    {"Lulea", "", "SE", {65.58, 22.15}},
    {"Luleå", "", "SE", {65.58, 22.15}},
    {"Lusaka", "", "ZM", {-15.41, 28.29}},
    {"Luxembourg", "", "LU", {49.61, 6.13}},
    {"Lviv", "", "UA", {49.84, 24.02}},
    {"Lyon", "", "FR", {45.75, 4.85}},
    {"Macau", "", "MO", {22.20, 113.55}},
    {"Madrid", "", "ES", {40.42, -3.70}},
    {"Malmo", "", "SE", {55.61, 13.00}},
    {"Malmö", "", "SE", {55.61, 13.00}},
    {"Managua", "", "NI", {12.13, -86.25}},
    {"Manama", "", "BH", {26.23, 50.59}},
    {"Manassas", "VA", "US", {38.75, -77.48}},
    {"Manchester", "", "GB", {53.48, -2.24}},
    {"Manchester", "NH", "US", {43.00, -71.45}},
    {"Manila", "", "PH", {14.60, 120.98}},
    {"Maputo", "", "MZ", {-25.97, 32.58}},
    {"Markham", "ON", "CA", {43.87, -79.27}},
    {"Marseille", "", "FR", {43.30, 5.38}},
    {"Medellin", "", "CO", {6.25, -75.56}},
    {"Medellín", "", "CO", {6.25, -75.56}},
    {"Melbourne", "VIC", "AU", {-37.81, 144.96}},
    {"Melbourne", "FL", "US", {28.08, -80.61}},
    {"Memphis", "TN", "US", {35.15, -90.05}},
    {"Mexico City", "", "MX", {19.43, -99.13}},
    {"Miami", "FL", "US", {25.77, -80.19}},
    {"Middenmeer", "", "NL", {52.81, 5.00}},
    {"Midlothian", "TX", "US", {32.48, -96.99}},
    {"Milan", "", "IT", {45.46, 9.19}},
    {"Milwaukee", "WI", "US", {43.04, -87.91}},
    {"Minneapolis", "MN", "US", {44.98, -93.26}},
    {"Minsk", "", "BY", {53.90, 27.57}},
    {"Mississauga", "ON", "CA", {43.58, -79.66}},
    {"Mogadishu", "", "SO", {2.04, 45.34}},
    {"Moncks Corner", "SC", "US", {33.20, -80.01}},
    {"Monrovia", "", "LR", {6.30, -10.80}},
    {"Monterrey", "", "MX", {25.68, -100.32}},
    {"Montevideo", "", "UY", {-34.90, -56.19}},
    {"Montreal", "QC", "CA", {45.51, -73.59}},
    {"Montréal", "QC", "CA", {45.51, -73.59}},
    {"Moscow", "", "RU", {55.75, 37.62}},
    {"Mumbai", "", "IN", {19.07, 72.88}},
    {"Munich", "", "DE", {48.14, 11.58}},
    {"Muscat", "", "OM", {23.58, 58.41}},
    {"München", "", "DE", {48.14, 11.58}},
    {"N'Djamena", "", "TD", {12.11, 15.04}},
    {"Naaldwijk", "", "NL", {51.99, 4.21}},
    {"Nagoya", "", "JP", {35.18, 136.91}},
    {"Nairobi", "", "KE", {-1.28, 36.82}},
    {"Nanjing", "", "CN", {32.06, 118.78}},
    {"Nashville", "TN", "US", {36.17, -86.78}},
    {"New Albany", "OH", "US", {40.08, -82.81}},
    {"New Delhi", "", "IN", {28.64, 77.22}},
    {"New Orleans", "LA", "US", {29.95, -90.08}},
    {"New York", "NY", "US", {40.71, -74.01}},
    {"New York City", "NY", "US", {40.71, -74.01}},
    {"Newark", "NJ", "US", {40.74, -74.17}},
    {"Newcastle", "NSW", "AU", {-32.93, 151.78}},
    {"Newcastle", "", "GB", {54.97, -1.61}},
    {"Newcastle upon Tyne", "", "GB", {54.97, -1.61}},
    {"Niamey", "", "NE", {13.51, 2.11}},
    {"Nicosia", "", "CY", {35.18, 33.36}},
    {"Noida", "", "IN", {28.58, 77.33}},
    {"Norfolk", "VA", "US", {36.85, -76.29}},
    {"Nouakchott", "", "MR", {18.09, -15.98}},
    {"Novosibirsk", "", "RU", {55.04, 82.93}},
    {"Nuremberg", "", "DE", {49.45, 11.08}},
    {"Nürnberg", "", "DE", {49.45, 11.08}},
    {"Odesa", "", "UA", {46.48, 30.73}},
    {"Oklahoma City", "OK", "US", {35.47, -97.52}},
    {"Omaha", "NE", "US", {41.26, -95.94}},
    {"Orlando", "FL", "US", {28.54, -81.38}},
    {"Osaka", "", "JP", {34.69, 135.50}},
    {"Oslo", "", "NO", {59.91, 10.75}},
    {"Ottawa", "ON", "CA", {45.41, -75.70}},
    {"Ouagadougou", "", "BF", {12.37, -1.53}},
    {"Oulu", "", "FI", {65.01, 25.47}},
    {"Palermo", "", "IT", {38.13, 13.34}},
    {"Palo Alto", "CA", "US", {37.44, -122.14}},
    {"Panama City", "", "PA", {8.99, -79.52}},
    {"Paris", "", "FR", {48.85, 2.35}},
    {"Perth", "WA", "AU", {-31.95, 115.86}},
    {"Petah Tikva", "", "IL", {32.09, 34.89}},
    {"Philadelphia", "PA", "US", {39.95, -75.16}},
    {"Phnom Penh", "", "KH", {11.56, 104.92}},
    {"Phoenix", "AZ", "US", {33.45, -112.07}},
    {"Piscataway", "NJ", "US", {40.50, -74.40}},
    {"Pittsburgh", "PA", "US", {40.44, -80.00}},
    {"Plano", "TX", "US", {33.02, -96.70}},
    {"Port Louis", "", "MU", {-20.16, 57.50}},
    {"Port of Spain", "", "TT", {10.67, -61.52}},
    {"Port-au-Prince", "", "HT", {18.54, -72.34}},
    {"Portland", "ME", "US", {43.66, -70.26}},
    {"Portland", "OR", "US", {45.52, -122.68}},
    {"Porto", "", "PT", {41.15, -8.61}},
    {"Porto Alegre", "", "BR", {-30.03, -51.23}},
    {"Poznan", "", "PL", {52.41, 16.93}},
    {"Poznań", "", "PL", {52.41, 16.93}},
    {"Prague", "", "CZ", {50.09, 14.42}},
    {"Pretoria", "", "ZA", {-25.74, 28.19}},
    {"Prineville", "OR", "US", {44.30, -120.83}},
    {"Providence", "RI", "US", {41.82, -71.41}},
    {"Pryor", "OK", "US", {36.31, -95.32}},
    {"Pune", "", "IN", {18.52, 73.86}},
    {"Pyongyang", "", "KP", {39.03, 125.75}},
    {"Qingdao", "", "CN", {36.06, 120.38}},
    {"Quebec City", "QC", "CA", {46.81, -71.21}},
    {"Queretaro", "", "MX", {20.59, -100.39}},
    {"Querétaro", "", "MX", {20.59, -100.39}},
    {"Quilicura", "", "CL", {-33.36, -70.73}},
    {"Quincy", "WA", "US", {47.23, -119.85}},
    {"Quito", "", "EC", {-0.23, -78.52}},
    {"Québec", "QC", "CA", {46.81, -71.21}},
    {"Rabat", "", "MA", {34.01, -6.83}},
    {"Raleigh", "NC", "US", {35.77, -78.64}},
    {"Regina", "SK", "CA", {50.45, -104.62}},
    {"Reno", "NV", "US", {39.53, -119.81}},
    {"Reston", "VA", "US", {38.97, -77.34}},
    {"Reykjavik", "", "IS", {64.14, -21.90}},
    {"Reykjavík", "", "IS", {64.14, -21.90}},
    {"Richardson", "TX", "US", {32.95, -96.73}},
    {"Richmond", "BC", "CA", {49.17, -123.14}},
    {"Richmond", "VA", "US", {37.55, -77.46}},
    {"Riga", "", "LV", {56.95, 24.11}},
    {"Rio de Janeiro", "", "BR", {-22.91, -43.18}},
    {"Riverside", "CA", "US", {33.95, -117.40}},
    {"Riyadh", "", "SA", {24.69, 46.72}},
    {"Rome", "", "IT", {41.89, 12.51}},
    {"Rotterdam", "", "NL", {51.92, 4.48}},
    {"Roubaix", "", "FR", {50.69, 3.17}},
    {"Sacramento", "CA", "US", {38.58, -121.49}},
    {"Saigon", "", "VN", {10.82, 106.63}},
    {"Saint Louis", "MO", "US", {38.63, -90.20}},
    {"Saint Paul", "MN", "US", {44.94, -93.09}},
    {"Saint Petersburg", "", "RU", {59.94, 30.31}},
    {"Saint Petersburg", "FL", "US", {27.77, -82.68}},
    {"Saint-Denis", "", "RE", {-20.88, 55.45}},
    {"Saint-Ghislain", "", "BE", {50.45, 3.82}},
    {"Salt Lake City", "UT", "US", {40.76, -111.89}},
    {"San Antonio", "TX", "US", {29.42, -98.49}},
    {"San Diego", "CA", "US", {32.72, -117.16}},
    {"San Francisco", "CA", "US", {37.77, -122.42}},
    {"San Jose", "", "CR", {9.93, -84.08}},
    {"San Jose", "CA", "US", {37.34, -121.89}},
    {"San José", "", "CR", {9.93, -84.08}},
    {"San Juan", "", "PR", {18.47, -66.11}},
    {"San Salvador", "", "SV", {13.69, -89.19}},
    {"Sanaa", "", "YE", {15.35, 44.21}},
    {"Sandefjord", "", "NO", {59.13, 10.22}},
    {"Santa Clara", "CA", "US", {37.35, -121.96}},
    {"Santiago", "", "CL", {-33.46, -70.65}},
    {"Santiago", "", "DO", {19.45, -70.70}},
    {"Santo Domingo", "", "DO", {18.47, -69.89}},
    {"Sao Paulo", "", "BR", {-23.55, -46.64}},
    {"Sapporo", "", "JP", {43.07, 141.35}},
    {"Sarajevo", "", "BA", {43.85, 18.36}},
    {"Saskatoon", "SK", "CA", {52.13, -106.67}},
    {"Schiphol-Rijk", "", "NL", {52.28, 4.75}},
    {"Seattle", "WA", "US", {47.61, -122.33}},
    {"Secaucus", "NJ", "US", {40.79, -74.06}},
    {"Seoul", "", "KR", {37.57, 126.98}},
    {"Seville", "", "ES", {37.38, -5.97}},
    {"Shanghai", "", "CN", {31.22, 121.46}},
    {"Shenzhen", "", "CN", {22.55, 114.07}},
    {"Siauliai", "", "LT", {55.93, 23.32}},
    {"Singapore", "", "SG", {1.29, 103.85}},
    {"Skopje", "", "MK", {42.00, 21.43}},
    {"Slough", "", "GB", {51.51, -0.60}},
    {"Sofia", "", "BG", {42.70, 23.32}},
    {"Spokane", "WA", "US", {47.66, -117.43}},
    {"Springfield", "MA", "US", {42.10, -72.59}},
    {"Springfield", "MO", "US", {37.22, -93.30}},
    {"St. John's", "NL", "CA", {47.56, -52.71}},
    {"St. Louis", "MO", "US", {38.63, -90.20}},
    {"St. Petersburg", "", "RU", {59.94, 30.31}},
    {"St. Petersburg", "FL", "US", {27.77, -82.68}},
    {"Stavanger", "", "NO", {58.97, 5.73}},
    {"Stockholm", "", "SE", {59.33, 18.07}},
    {"Strasbourg", "", "FR", {48.58, 7.75}},
    {"Stuttgart", "", "DE", {48.78, 9.18}},
    {"Suva", "", "FJ", {-18.14, 178.44}},
    {"Sydney", "NSW", "AU", {-33.87, 151.21}},
    {"São Paulo", "", "BR", {-23.55, -46.64}},
    {"Taipei", "", "TW", {25.05, 121.53}},
    {"Tallinn", "", "EE", {59.44, 24.75}},
    {"Tampa", "FL", "US", {27.95, -82.46}},
    {"Tampere", "", "FI", {61.50, 23.79}},
    {"Tashkent", "", "UZ", {41.26, 69.22}},
    {"Tbilisi", "", "GE", {41.69, 44.83}},
    {"Tegucigalpa", "", "HN", {14.08, -87.21}},
    {"Tehran", "", "IR", {35.69, 51.42}},
    {"Tel Aviv", "", "IL", {32.08, 34.78}},
    {"The Dalles", "OR", "US", {45.59, -121.18}},
    {"The Hague", "", "NL", {52.08, 4.30}},
    {"Thessaloniki", "", "GR", {40.64, 22.93}},
    {"Tianjin", "", "CN", {39.14, 117.18}},
    {"Timisoara", "", "RO", {45.75, 21.23}},
    {"Timișoara", "", "RO", {45.75, 21.23}},
    {"Tirana", "", "AL", {41.33, 19.82}},
    {"Tokyo", "", "JP", {35.69, 139.69}},
    {"Toronto", "ON", "CA", {43.70, -79.42}},
    {"Tripoli", "", "LY", {32.89, 13.19}},
    {"Tucson", "AZ", "US", {32.22, -110.93}},
    {"Tukwila", "WA", "US", {47.47, -122.26}},
    {"Tulsa", "OK", "US", {36.15, -95.99}},
    {"Tunis", "", "TN", {36.82, 10.17}},
    {"Turin", "", "IT", {45.07, 7.69}},
    {"Ulaanbaatar", "", "MN", {47.91, 106.88}},
    {"Ulanqab", "", "CN", {41.03, 113.08}},
    {"Umatilla", "OR", "US", {45.92, -119.34}},
    {"Valencia", "", "ES", {39.47, -0.38}},
    {"Valencia", "", "VE", {10.16, -68.01}},
    {"Vancouver", "BC", "CA", {49.25, -123.12}},
    {"Vancouver", "WA", "US", {45.64, -122.66}},
    {"Victoria", "BC", "CA", {48.44, -123.35}},
    {"Vienna", "", "AT", {48.21, 16.37}},
    {"Vientiane", "", "LA", {17.97, 102.60}},
    {"Vilnius", "", "LT", {54.69, 25.28}},
    {"Virginia Beach", "VA", "US", {36.85, -75.98}},
    {"Vitry-sur-Seine", "", "FR", {48.79, 2.40}},
    {"Vladivostok", "", "RU", {43.11, 131.87}},
    {"Warsaw", "", "PL", {52.23, 21.01}},
    {"Washington", "DC", "US", {38.90, -77.04}},
    {"Washington DC", "DC", "US", {38.90, -77.04}},
    {"Weehawken", "NJ", "US", {40.77, -74.02}},
    {"Wellington", "", "NZ", {-41.29, 174.78}},
    {"Wien", "", "AT", {48.21, 16.37}},
    {"Windsor", "ON", "CA", {42.30, -83.02}},
    {"Winnipeg", "MB", "CA", {49.88, -97.15}},
    {"Wroclaw", "", "PL", {51.10, 17.03}},
    {"Wrocław", "", "PL", {51.10, 17.03}},
    {"Wuhan", "", "CN", {30.58, 114.27}},
    {"Xi'an", "", "CN", {34.26, 108.93}},
    {"Yangon", "", "MM", {16.81, 96.16}},
    {"Yaoundé", "", "CM", {3.87, 11.52}},
    {"Yekaterinburg", "", "RU", {56.85, 60.61}},
    {"Yerevan", "", "AM", {40.18, 44.51}},
    {"Yokohama", "", "JP", {35.43, 139.65}},
    {"Zagreb", "", "HR", {45.81, 15.98}},
    {"Zhangjiakou", "", "CN", {40.81, 114.88}},
    {"Zhengzhou", "", "CN", {34.76, 113.65}},
    {"Zhongwei", "", "CN", {37.51, 105.19}},
    {"Zurich", "", "CH", {47.37, 8.55}},
    {"Zürich", "", "CH", {47.37, 8.55}},
    {"Šiauliai", "", "LT", {55.93, 23.32}},
};
// clang-format on

static_assert(std::ranges::is_sorted(all_cities, std::less{}, &City::name));

constexpr double same_place_km = 30;

char lower(char c) noexcept {
    return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// ASCII alone is folded: letters beyond it compare as UTF-8 octets.
bool same_text(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> split_at_commas(std::string_view text) {
    std::vector<std::string_view> parts;
    for (auto comma = text.find(','); comma != std::string_view::npos; comma = text.find(',')) {
        parts.push_back(trimmed(text.substr(0, comma)));
        text.remove_prefix(comma + 1);
    }
    parts.push_back(trimmed(text));
    return parts;
}

// A second part may be either code: "London, CA" is in Canada, "Portland, OR" in Oregon.
bool matches(const City& city, std::span<const std::string_view> parts) noexcept {
    if (!same_text(city.name, parts[0])) return false;
    switch (parts.size()) {
        case 1:
            return true;
        case 2:
            return same_text(city.country, parts[1]) || same_text(city.subdivision, parts[1]);
        case 3:
            return same_text(city.subdivision, parts[1]) && same_text(city.country, parts[2]);
        default:
            return false;
    }
}

/// True if `text` begins a word of the city's name, one of its codes, or the country's name.
bool is_like(const City& city, std::string_view text) noexcept {
    const auto begins = [text](std::string_view word) {
        return same_text(word.substr(0, text.size()), text);
    };
    const auto any_begins = [&](std::string_view words) {
        for (std::size_t at = 0; at < words.size(); ++at) {
            const bool first = at == 0 || words[at - 1] == ' ' || words[at - 1] == '-';
            if (first && begins(words.substr(at))) return true;
        }
        return false;
    };
    const auto* country = find_country(city.country);
    return any_begins(city.name) || begins(city.country) || begins(city.subdivision) ||
           (country != nullptr && begins(country->name));
}

bool same_place(const City& a, const City& b) noexcept {
    return a.country == b.country && kilometres_between(a.at, b.at) < same_place_km;
}

}  // namespace

std::span<const City> cities() noexcept {
    return all_cities;
}

std::vector<const City*> find_cities(std::string_view text) {
    const auto parts = split_at_commas(text);
    std::vector<const City*> found;
    // "London,, GB" must not match by the empty subdivision that most cities have.
    if (std::ranges::any_of(parts, &std::string_view::empty)) return found;
    for (const auto& city : all_cities) {
        if (!matches(city, parts)) continue;
        const auto known = [&city](const City* other) { return same_place(city, *other); };
        if (std::ranges::none_of(found, known)) found.push_back(&city);
    }
    return found;
}

std::vector<const City*> cities_like(std::string_view text) {
    // "Frankfurt, DE" as it stands in a zone file is like itself.
    if (auto meant = find_cities(text); !meant.empty()) return meant;
    std::vector<const City*> found;
    const auto wanted = trimmed(text);
    for (const auto& city : all_cities) {
        if (!is_like(city, wanted)) continue;
        const auto known = [&city](const City* other) {
            return same_place(city, *other) && !same_text(city.name, other->name);
        };
        if (std::ranges::none_of(found, known)) found.push_back(&city);
    }
    std::stable_partition(found.begin(), found.end(), [wanted](const City* city) {
        return same_text(city->name.substr(0, wanted.size()), wanted);
    });
    return found;
}

std::string full_name(const City& city) {
    std::string text{city.name};
    if (!city.subdivision.empty()) text += ", " + std::string{city.subdivision};
    return text + ", " + std::string{city.country};
}

}  // namespace geo
