using ExecutionPipeline.Pipeline.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlScalar = YamlDotNet.Core.Events.Scalar;

namespace ExecutionPipeline.Cli.Config;

/// <summary>Writes keys as YAML, each with a comment that says what it was made of.</summary>
internal static class ImportedYaml
{
    /// <summary>The text, in the order of the schema.</summary>
    public static string Write(IReadOnlyList<TakenKey> keys)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Emit(emitter, ConfigurationKey.Root, "", keys);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, ConfigurationKey key, string path, IReadOnlyList<TakenKey> keys)
    {
        emitter.Emit(new MappingStart());
        foreach (var below in key.Keys)
        {
            var name = path.Length == 0 ? below.Name : $"{path}.{below.Name}";
            if (keys.FirstOrDefault(one => one.Key == name) is { } taken)
            {
                emitter.Emit(new YamlScalar(below.Name));
                emitter.Emit(new YamlScalar(taken.Value));
                emitter.Emit(new Comment($"{taken.From}", isInline: true));
            }
            else if (below.Item is { } item && HasAny(keys, $"{name}[0]."))
            {
                emitter.Emit(new YamlScalar(below.Name));
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                Emit(emitter, item, $"{name}[0]", keys);
                emitter.Emit(new SequenceEnd());
            }
            else if (HasAny(keys, $"{name}."))
            {
                emitter.Emit(new YamlScalar(below.Name));
                Emit(emitter, below, name, keys);
            }
        }

        emitter.Emit(new MappingEnd());
    }

    private static bool HasAny(IReadOnlyList<TakenKey> keys, string beginning) =>
        keys.Any(key => key.Key.StartsWith(beginning, StringComparison.Ordinal));
}
