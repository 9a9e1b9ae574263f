using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>What belongs to a key.</summary>
public enum KeyKind
{
    /// <summary>Keys of its own.</summary>
    Object,

    /// <summary>Values one after the other.</summary>
    List,

    /// <summary>Names of the user's own with a value each.</summary>
    Map,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>One of some words.</summary>
    Choice,

    /// <summary>A date.</summary>
    Date,

    /// <summary>A time of the day.</summary>
    Time,
}

/// <summary>
/// A key of the configuration, made from the options' types: what belongs to it, and the keys below it. The one schema
/// that files, variables and options are held against, and that editors complete by.
/// </summary>
public sealed class ConfigurationKey
{
    private static readonly Lazy<ConfigurationKey> TheRoot = new(
        static () => Of("", "", typeof(PipelineOptions), null, PipelineConfiguration.NodeOf(new PipelineOptions())));

    private ConfigurationKey()
    {
    }

    /// <summary>The whole configuration.</summary>
    public static ConfigurationKey Root => TheRoot.Value;

    /// <summary>As in a file, with [] for an entry of a list and * for a name of the user's own.</summary>
    public required string Path { get; init; }

    /// <summary>Its own name.</summary>
    public required string Name { get; init; }

    /// <summary>The type of its value, not a nullable one.</summary>
    public required Type Type { get; init; }

    public required KeyKind Kind { get; init; }

    /// <summary>The option that it sets; null: an entry of a list or map, or the whole.</summary>
    public PropertyInfo? Property { get; private init; }

    /// <summary>Whether null may be written.</summary>
    public bool IsNullable { get; private init; }

    /// <summary>Whether it must be written where the object that it belongs to is.</summary>
    public bool IsRequired { get; private init; }

    /// <summary>The keys of an object.</summary>
    public IReadOnlyList<ConfigurationKey> Keys { get; private init; } = [];

    /// <summary>What each entry of a list or map is.</summary>
    public ConfigurationKey? Item { get; private init; }

    /// <summary>The words of a choice.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>The values that a number may have.</summary>
    public KeyRange? Range { get; private init; }

    /// <summary>Its value where nobody sets it, as JSON; null: that, or it has none.</summary>
    public JsonNode? Default { get; private init; }

    /// <summary>Whether it must be set, because its default is no value that it may have.</summary>
    public bool HasNoDefault => IsRequired
        || (Range is { } range && Default is not null && !range.Has(ScalarValues.Magnitude(Default.ToJsonString())));

    /// <summary>Whether it names where a secret is kept.</summary>
    public bool IsSecret => Type == typeof(SecretSource);

    /// <summary>What must be written, in words.</summary>
    public string Words => Kind switch
    {
        KeyKind.Object or KeyKind.Map => "an object: {...}",
        KeyKind.List => "a list: [...]",
        KeyKind.Text => "a text",
        KeyKind.Whole => "a whole number",
        KeyKind.Number => "a number",
        KeyKind.Flag => "true or false",
        KeyKind.Choice => $"one of {string.Join(", ", Choices)}",
        KeyKind.Date => "a date such as \"2026-12-31\"",
        _ => "a time such as \"17:00:00\"",
    };

    /// <summary>A key of an object by its name; null: there is none.</summary>
    public ConfigurationKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);

    private static ConfigurationKey Of(
        string path, string name, Type declared, JsonPropertyInfo? property, JsonNode? defaultValue)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var info = PipelineConfiguration.Json.GetTypeInfo(type);
        var kind = KindOf(type, info);
        return new ConfigurationKey
        {
            Path = path,
            Name = name,
            Type = type,
            Kind = kind,
            Property = property?.AttributeProvider as PropertyInfo,
            IsNullable = type != declared || (!type.IsValueType && property is { IsSetNullable: true }),
            IsRequired = property is { IsRequired: true },
            Keys = kind == KeyKind.Object ? KeysOf(path, info, defaultValue as JsonObject) : [],
            Item = kind switch
            {
                KeyKind.List => ItemOf($"{path}[]", "[]", info.ElementType!),
                KeyKind.Map => ItemOf($"{path}.*", "*", info.ElementType!),
                _ => null,
            },
            Choices = kind == KeyKind.Choice ? [.. Enum.GetNames(type).Select(WordOf)] : [],
            Range = kind is KeyKind.Whole or KeyKind.Number ? KeyRange.Of(path) : null,
            Default = defaultValue?.DeepClone(),
        };
    }

    /// <summary>An entry has the defaults of its type.</summary>
    private static ConfigurationKey ItemOf(string path, string name, Type type)
    {
        var isObject = PipelineConfiguration.Json.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object;
        var entry = isObject ? Activator.CreateInstance(type) : null;
        var defaults = isObject ? JsonSerializer.SerializeToNode(entry, type, PipelineConfiguration.Json) : null;
        return Of(path, name, type, null, defaults);
    }

    private static ConfigurationKey[] KeysOf(string path, JsonTypeInfo info, JsonObject? defaults) =>
    [
        .. info.Properties.Where(static property => property.Set is not null).Select(property => Of(
            path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Name, property.PropertyType,
            property, defaults?[property.Name])),
    ];

    private static KeyKind KindOf(Type type, JsonTypeInfo info) => info.Kind switch
    {
        JsonTypeInfoKind.Object => KeyKind.Object,
        JsonTypeInfoKind.Enumerable => KeyKind.List,
        JsonTypeInfoKind.Dictionary => KeyKind.Map,
        _ when type.IsEnum => KeyKind.Choice,
        _ when type == typeof(bool) => KeyKind.Flag,
        _ when type == typeof(string) => KeyKind.Text,
        _ when type == typeof(DateOnly) => KeyKind.Date,
        _ when type == typeof(TimeOnly) => KeyKind.Time,
        _ when type == typeof(int) || type == typeof(long) || type == typeof(uint) => KeyKind.Whole,
        _ when type == typeof(double) || type == typeof(decimal) => KeyKind.Number,
        _ => throw new NotSupportedException($"no configuration can hold a {type}"),
    };

    private static string WordOf(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
