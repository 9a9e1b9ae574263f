namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>A value as it was written, with its place: YAML and JSON become the same.</summary>
/// <param name="place">Where it begins.</param>
internal abstract class ConfigurationNode(Place place)
{
    /// <summary>Where it begins.</summary>
    public Place Place { get; } = place;

    /// <summary>The value for a message: a scalar as it was written.</summary>
    public abstract string Written { get; }
}

/// <summary>A key with its value.</summary>
/// <param name="Name">As it was written.</param>
/// <param name="Place">That of the key.</param>
/// <param name="Value">What was written for it.</param>
internal sealed record ConfigurationEntry(string Name, Place Place, ConfigurationNode Value);

/// <summary>Keys with their values, in the order in which they were written.</summary>
internal sealed class ObjectNode(Place place) : ConfigurationNode(place)
{
    private readonly List<ConfigurationEntry> _entries = [];

    public IReadOnlyList<ConfigurationEntry> Entries => _entries;

    public override string Written => "an object";

    /// <summary>Takes a key as it was read, though it be there already: whoever checks says so.</summary>
    public void Add(ConfigurationEntry entry) => _entries.Add(entry);

    /// <summary>The value of a key; null: it is not there.</summary>
    public ConfigurationNode? Find(string name) => _entries.Find(entry => entry.Name == name)?.Value;

    /// <summary>Puts a value in the place of the one that is there, or after the others.</summary>
    public void Set(ConfigurationEntry entry)
    {
        var index = _entries.FindIndex(known => known.Name == entry.Name);
        if (index < 0)
            _entries.Add(entry);
        else
            _entries[index] = entry;
    }
}

/// <summary>Values one after the other.</summary>
internal sealed class ListNode(Place place) : ConfigurationNode(place)
{
    public List<ConfigurationNode> Items { get; } = [];

    public override string Written => "a list";
}

/// <summary>What a scalar is by the way in which it was written.</summary>
internal enum ScalarKind
{
    /// <summary>Without quotation marks in YAML, a variable or an option: its key decides what it is.</summary>
    Plain,

    /// <summary>Within quotation marks, or a block of YAML.</summary>
    Text,

    /// <summary>A number of JSON.</summary>
    Number,

    /// <summary>True or false of JSON.</summary>
    Flag,

    /// <summary>Null, or nothing at all.</summary>
    Null,
}

/// <summary>A single value.</summary>
/// <param name="place">Where it begins.</param>
/// <param name="text">Without quotation marks.</param>
/// <param name="kind">What it is by the way in which it was written.</param>
internal sealed class ScalarNode(Place place, string text, ScalarKind kind) : ConfigurationNode(place)
{
    public string Text { get; } = text;

    public ScalarKind Kind { get; } = kind;

    public override string Written => Kind switch
    {
        ScalarKind.Text => $"\"{Text}\"",
        ScalarKind.Null => "null",
        _ => Text,
    };
}
