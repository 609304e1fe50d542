#include "testbench/app/url.hpp"

#include <gtest/gtest.h>

namespace ringside::testbench {
namespace {

TEST(Url, FillsInPortAndTarget) {
  auto const url = Url::parse("http://www.example.test");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "www.example.test");
  EXPECT_EQ(url->port, 80);
  EXPECT_EQ(url->target, "/");
}

TEST(Url, KeepsPortPathAndQuery) {
  auto const url = Url::parse("http://10.0.0.2:8080/bytes/10?x=1");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "10.0.0.2");
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(url->target, "/bytes/10?x=1");
}

TEST(Url, RefusesWhatItDoesNotUnderstand) {
  for (char const* text : {"",
                           "www.example.test",
                           "https://a/",
                           "http://",
                           "http:///x",
                           "http://a:0/",
                           "http://a:70000/",
                           "http://a:8x/",
                           "http://u@a/",
                           "http://[::1]/",
                           "ftp://a/",
                           "http://a b/",
                           "http://a/b c",
                           "http://a/#b",
                           "http://a/\n",
                           "http://a..b/",
                           "http://.a/",
                           "http://10.0.0.300/",
                           "http://10.0.0/",
                           "http://a?x"}) {
    EXPECT_FALSE(Url::parse(text)) << text;
  }
}

}  // namespace
}  // namespace ringside::testbench
