#include "rpc/schema.h"
#include "rpc/shapes.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

namespace emc::rpc {
namespace {

std::string Of(std::string_view text)
{
    const auto schema = ShapeSchema(text);
    return schema ? codec::WriteJson(*schema) : "error: " + schema.Error();
}

/// Names of all shared shapes that a schema refers to.
void CollectReferences(const Json& schema, std::set<std::string>& out)
{
    constexpr size_t PREFIX = sizeof("#/components/schemas/") - 1;
    if (schema.isObject() && schema["$ref"].isStr())
        out.insert("@" + schema["$ref"].get_str().substr(PREFIX));
    if (!schema.isObject() && !schema.isArray()) return;
    for (const auto& inner : schema.getValues())
        CollectReferences(inner, out);
}

} // namespace

BOOST_AUTO_TEST_SUITE(schema)

BOOST_AUTO_TEST_CASE(shapes_become_schemas)
{
    BOOST_CHECK_EQUAL(Of("int"), R"({"type":"integer"})");
    BOOST_CHECK_EQUAL(Of(" num "), R"({"type":"number"})");
    BOOST_CHECK_EQUAL(Of("text|null"), R"({"anyOf":[{"type":"string"},{"type":"null"}]})");
    BOOST_CHECK_EQUAL(Of("'a b'"), R"({"type":"string","enum":["a b"]})");
    BOOST_CHECK_EQUAL(Of("hash"), R"({"type":"string","pattern":"^[0-9a-f]{64}$"})");
    BOOST_CHECK_EQUAL(Of("any"), "{}");
    BOOST_CHECK_EQUAL(Of("never"), R"({"not":{}})");
    BOOST_CHECK_EQUAL(Of("[ [bool] ]"),
                      R"({"type":"array","items":{"type":"array","items":{"type":"boolean"}}})");
    BOOST_CHECK_EQUAL(Of("@Tx"), R"({"$ref":"#/components/schemas/Tx"})");
    BOOST_CHECK_EQUAL(Of("{ }"), R"({"type":"object","properties":{},"additionalProperties":false})");
    BOOST_CHECK_EQUAL(
        Of("{ a: int, a b?: { c: text }, *: null }"),
        R"({"type":"object","properties":{"a":{"type":"integer"},"a b":{"type":"object","properties":)"
        R"({"c":{"type":"string"}},"required":["c"],"additionalProperties":false}},"required":["a"],)"
        R"("additionalProperties":{"type":"null"}})");
    BOOST_CHECK_EQUAL(Of("{ x?: int, ..@Tip }"),
                      R"({"type":"object","properties":{"x":{"type":"integer"},"hash":{"type":"string",)"
                      R"("pattern":"^[0-9a-f]{64}$"},"height":{"type":"integer"}},)"
                      R"("required":["hash","height"],"additionalProperties":false})");
}

BOOST_AUTO_TEST_CASE(what_is_no_shape_is_refused)
{
    for (const auto* text :
         {"", " ", "number", "int int", "[", "[ int", "[]", "{", "{ a }", "{ a: }", "{ : int }", "{ a: int",
          "{ a: int b: int }", "int |", "'a", "int }", "{ ..@Nobody }", "{ ..@Op }"})
        BOOST_CHECK_MESSAGE(!ShapeSchema(text), text);
}

BOOST_AUTO_TEST_CASE(every_call_has_one_shape)
{
    std::set<std::string> wanted;
    for (const auto* call : AllCalls())
        wanted.emplace(call->name);
    std::set<std::string> shared;
    std::set<std::string> used;
    for (const auto* shape : AllShapes()) {
        const auto schema = ShapeSchema(shape->text);
        BOOST_REQUIRE_MESSAGE(schema, shape->name << ": " << Of(shape->text));
        CollectReferences(*schema, used);
        const std::string name(shape->name);
        if (name.starts_with('@')) {
            BOOST_CHECK_MESSAGE(shared.insert(name).second, name << " is there twice");
        } else {
            BOOST_CHECK_MESSAGE(wanted.erase(name) == 1, name << " is no call, or there twice");
        }
        for (size_t at = shape->text.find("..@"); at != shape->text.npos;
             at = shape->text.find("..@", at + 1))
            used.emplace(shape->text.substr(at + 2, shape->text.find_first_of(" ,", at) - at - 2));
    }
    for (const auto& name : wanted)
        BOOST_ERROR(name << " has no shape");
    BOOST_CHECK_EQUAL_COLLECTIONS(shared.begin(), shared.end(), used.begin(), used.end());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::rpc
