#include "rpc/schema.h"

#include "rpc/help.h"
#include "rpc/shapes.h"

#include <algorithm>

namespace emc::rpc {

namespace {

Json TypeSchema(std::string_view type)
{
    Json out = codec::JsonObject();
    out.pushKV("type", std::string(type));
    return out;
}

Json PatternSchema(std::string_view pattern)
{
    Json out = TypeSchema("string");
    out.pushKV("pattern", std::string(pattern));
    return out;
}

Json OrNull(const Json& schema)
{
    Json choices = codec::JsonArray();
    choices.push_back(schema);
    choices.push_back(TypeSchema("null"));
    Json out = codec::JsonObject();
    out.pushKV("anyOf", choices);
    return out;
}

Json ArgumentSchema(ArgType type)
{
    switch (type) {
    case ArgType::String:
        return TypeSchema("string");
    case ArgType::Number:
        return TypeSchema("integer");
    case ArgType::Decimal:
        return TypeSchema("number");
    case ArgType::Bool:
        return TypeSchema("boolean");
    case ArgType::Hash:
        return PatternSchema("^[0-9a-fA-F]{64}$");
    case ArgType::Hex:
        return PatternSchema("^([0-9a-fA-F]{2})*$");
    case ArgType::Array:
        return TypeSchema("array");
    case ArgType::Object:
        return TypeSchema("object");
    case ArgType::Amount: {
        Json types = codec::JsonArray();
        types.push_back("number");
        types.push_back("string");
        Json out = codec::JsonObject();
        out.pushKV("type", types);
        return out;
    }
    case ArgType::Any:
    case ArgType::AnyWord:
        break;
    }
    return codec::JsonObject();
}

/// `before_required`: one that is needed follows, so null stands in its place when it is left out.
Json ArgumentJson(const ArgSpec& arg, bool before_required)
{
    Json schema = ArgumentSchema(arg.type);
    // A default that is a value of the type; others are words that explain.
    const auto fallback = codec::ParseJson(arg.fallback);
    const bool text = schema["type"].getValStr() == "string";
    if (fallback && (!text || fallback->isStr())) schema.pushKV("default", *fallback);
    Json out = codec::JsonObject();
    out.pushKV("name", FirstName(arg));
    out.pushKV("description", std::string(arg.help));
    out.pushKV("required", arg.Required() || before_required);
    if (!arg.Required() && before_required) schema = OrNull(schema);
    out.pushKV("schema", schema);
    return out;
}

/// By the name of the call, or with @ by the name of a shared shape; an empty object for none.
Json ShapeNamed(std::string_view name);

/// Reads the notation of rpc/shapes.h from left to right.
class ShapeReader
{
public:
    explicit ShapeReader(std::string_view text) : m_rest(text) {}

    /// The whole text is one shape.
    base::Expected<Json, std::string> Whole()
    {
        Json out = Choice();
        if (m_error.empty() && !m_rest.empty()) Fail("end");
        if (!m_error.empty()) return base::Unexpected(m_error);
        return out;
    }

private:
    void Fail(std::string_view wanted)
    {
        if (m_error.empty())
            m_error = std::string(wanted) + " expected at '" + std::string(m_rest.substr(0, 20)) + "'";
        m_rest = {};
    }

    void PassBlanks() { m_rest.remove_prefix(std::min(m_rest.find_first_not_of(" \n"), m_rest.size())); }

    bool Take(char mark)
    {
        PassBlanks();
        if (!m_rest.starts_with(mark)) return false;
        m_rest.remove_prefix(1);
        PassBlanks();
        return true;
    }

    std::string TakeUntil(std::string_view marks)
    {
        const auto end = std::min(m_rest.find_first_of(marks), m_rest.size());
        std::string out(m_rest.substr(0, end));
        m_rest.remove_prefix(end);
        return out;
    }

    Json Choice()
    {
        Json first = One();
        if (!Take('|')) return first;
        Json choices = codec::JsonArray();
        choices.push_back(first);
        do
            choices.push_back(One());
        while (Take('|'));
        Json out = codec::JsonObject();
        out.pushKV("anyOf", choices);
        return out;
    }

    Json One()
    {
        if (Take('[')) return List();
        if (Take('{')) return Fields();
        if (Take('\'')) return Literal();
        return Word(TakeUntil(" |,]}"));
    }

    Json List()
    {
        Json out = TypeSchema("array");
        out.pushKV("items", Choice());
        if (!Take(']')) Fail("]");
        return out;
    }

    Json Literal()
    {
        Json words = codec::JsonArray();
        words.push_back(TakeUntil("'"));
        if (!Take('\'')) Fail("'");
        Json out = TypeSchema("string");
        out.pushKV("enum", words);
        return out;
    }

    Json Fields()
    {
        m_depth.push_back({});
        while (m_error.empty() && !Take('}')) {
            if (m_rest.starts_with("..")) {
                Spread();
            } else {
                Field();
            }
            if (!Take(',') && !m_rest.starts_with('}')) Fail("}");
        }
        Object object = std::move(m_depth.back());
        m_depth.pop_back();
        Json out = TypeSchema("object");
        out.pushKV("properties", object.known);
        if (!object.needed.empty()) out.pushKV("required", object.needed);
        out.pushKV("additionalProperties", object.others);
        return out;
    }

    void Field()
    {
        std::string name = TakeUntil(":}");
        const bool optional = name.ends_with('?');
        if (optional) name.pop_back();
        if (name.empty() || !Take(':')) return Fail("name:");
        const Json shape = Choice();
        auto& object = m_depth.back();
        if (name == "*") {
            object.others = shape;
        } else {
            object.known.pushKV(name, shape);
            if (!optional) object.needed.push_back(name);
        }
    }

    /// ..@Name: the fields of another shape as if they were written here.
    void Spread()
    {
        m_rest.remove_prefix(2);
        const Json other = ShapeNamed(TakeUntil(" ,}"));
        if (!other["properties"].isObject()) return Fail("an object");
        auto& object = m_depth.back();
        object.known.pushKVs(other["properties"]);
        object.needed.push_backV(other["required"].isArray() ? other["required"].getValues()
                                                             : std::vector<Json>{});
    }

    Json Word(const std::string& word)
    {
        struct Known {
            std::string_view word, type, pattern;
        };

        constexpr Known WORDS[] = {{"text", "string", ""},
                                   {"hash", "string", "^[0-9a-f]{64}$"},
                                   {"hex", "string", "^([0-9a-f]{2})*$"},
                                   {"int", "integer", ""},
                                   {"num", "number", ""},
                                   {"bool", "boolean", ""},
                                   {"null", "null", ""}};
        if (word == "any") return codec::JsonObject();
        if (word == "never") {
            Json out = codec::JsonObject();
            out.pushKV("not", codec::JsonObject());
            return out;
        }
        if (word.starts_with('@')) {
            Json out = codec::JsonObject();
            out.pushKV("$ref", "#/components/schemas/" + word.substr(1));
            return out;
        }
        for (const auto& known : WORDS) {
            if (known.word == word)
                return known.pattern.empty() ? TypeSchema(known.type) : PatternSchema(known.pattern);
        }
        Fail("a shape instead of '" + word + "'");
        return codec::JsonObject();
    }

    /// An object that is being read.
    struct Object {
        Json known = codec::JsonObject();
        Json needed = codec::JsonArray();
        Json others{false};
    };

    std::string_view m_rest;
    std::string m_error;
    std::vector<Object> m_depth; ///< objects within each other, the innermost last
};

Json ShapeNamed(std::string_view name)
{
    for (const auto* shape : AllShapes()) {
        if (shape->name != name) continue;
        auto schema = ShapeSchema(shape->text);
        return schema ? std::move(*schema) : codec::JsonObject();
    }
    return codec::JsonObject();
}

Json MethodJson(const CallSpec& call)
{
    Json params = codec::JsonArray();
    const auto last =
        std::find_if(call.args.rbegin(), call.args.rend(), [](const ArgSpec& arg) { return arg.Required(); });
    const auto needed = static_cast<size_t>(call.args.rend() - last);
    for (size_t i = 0; i < call.args.size(); ++i)
        params.push_back(ArgumentJson(call.args[i], i < needed));
    Json result = codec::JsonObject();
    result.pushKV("name", "result");
    result.pushKV("description", std::string(call.result));
    result.pushKV("schema", ShapeNamed(call.name));
    Json tag = codec::JsonObject();
    tag.pushKV("name", std::string(call.category));
    Json tags = codec::JsonArray();
    tags.push_back(tag);
    Json out = codec::JsonObject();
    out.pushKV("name", std::string(call.name));
    out.pushKV("tags", tags);
    out.pushKV("summary", std::string(call.summary));
    out.pushKV("paramStructure", "either");
    out.pushKV("params", params);
    out.pushKV("result", result);
    return out;
}

} // namespace

base::Expected<Json, std::string> ShapeSchema(std::string_view text)
{
    return ShapeReader(text).Whole();
}

Json OpenRpcSchema()
{
    Json info = codec::JsonObject();
    info.pushKV("title", "Emercoin telephony node JSON-RPC");
    info.pushKV("version", EMC_VERSION);
    Json methods = codec::JsonArray();
    for (const auto* call : AllCalls())
        methods.push_back(MethodJson(*call));
    Json shared = codec::JsonObject();
    for (const auto* shape : AllShapes()) {
        if (shape->name.starts_with('@'))
            shared.pushKV(std::string(shape->name.substr(1)), ShapeNamed(shape->name));
    }
    Json components = codec::JsonObject();
    components.pushKV("schemas", shared);
    Json out = codec::JsonObject();
    out.pushKV("openrpc", "1.2.6");
    out.pushKV("info", info);
    out.pushKV("methods", methods);
    out.pushKV("components", components);
    return out;
}

} // namespace emc::rpc
