using System.Text.Json.Nodes;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Config;

/// <summary>The keys as JSON Schema, draft 2020-12, by which editors complete and check.</summary>
internal static class KeySchema
{
    /// <summary>The schema of the whole configuration.</summary>
    public static JsonObject Of(KeyDescriptions descriptions)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Execution Pipeline",
        };
        foreach (var (name, value) in Of(ConfigurationKey.Root, descriptions).ToList())
            schema[name] = value?.DeepClone();
        return schema;
    }

    private static JsonObject Of(ConfigurationKey key, KeyDescriptions descriptions)
    {
        var schema = new JsonObject();
        if (DescriptionOf(key, descriptions) is { Length: > 0 } description)
            schema["description"] = description;
        schema["type"] = TypeOf(key);
        switch (key.Kind)
        {
            case KeyKind.Object:
                schema["properties"] = new JsonObject(key.Keys.Select(one =>
                    new KeyValuePair<string, JsonNode?>(one.Name, Of(one, descriptions))));
                schema["additionalProperties"] = false;
                if (key.Keys.Where(static one => one.IsRequired).ToList() is { Count: > 0 } required)
                    schema["required"] = new JsonArray([.. required.Select(static one => JsonValue.Create(one.Name))]);
                break;
            case KeyKind.List:
                schema["items"] = Of(key.Item!, descriptions);
                break;
            case KeyKind.Map:
                schema["additionalProperties"] = Of(key.Item!, descriptions);
                break;
            case KeyKind.Choice:
                AddWords(schema, key, descriptions);
                break;
            case KeyKind.Date or KeyKind.Time:
                schema["pattern"] = key.Kind == KeyKind.Date
                    ? "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
                    : "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$";
                break;
        }

        if (key.Range is { } range)
        {
            schema[range.IsAbove ? "exclusiveMinimum" : "minimum"] = range.Least;
            schema["maximum"] = range.Most;
        }

        if (key.Kind != KeyKind.Object && key.Property is not null && !key.HasNoDefault)
            schema["default"] = key.Default?.DeepClone();
        return schema;
    }

    private static void AddWords(JsonObject schema, ConfigurationKey key, KeyDescriptions descriptions)
    {
        schema["enum"] = new JsonArray([.. key.Choices.Select(static word => JsonValue.Create(word))]);
        var words = descriptions.OfWords(key);
        if (words.Any(static word => word.Length > 0))
            schema["enumDescriptions"] = new JsonArray([.. words.Select(static word => JsonValue.Create(word))]);
    }

    private static string DescriptionOf(ConfigurationKey key, KeyDescriptions descriptions)
    {
        var text = descriptions.Of(key);
        return key.Range is { } range ? $"{text} Unit: {range.Unit}.".TrimStart() : text;
    }

    private static JsonNode TypeOf(ConfigurationKey key)
    {
        var type = key.Kind switch
        {
            KeyKind.Object or KeyKind.Map => "object",
            KeyKind.List => "array",
            KeyKind.Whole => "integer",
            KeyKind.Number => "number",
            KeyKind.Flag => "boolean",
            _ => "string",
        };
        return key.IsNullable ? new JsonArray(type, "null") : JsonValue.Create(type);
    }
}
