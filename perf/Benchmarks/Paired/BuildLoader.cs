using System.Reflection;
using System.Runtime.Loader;

namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>
/// Loads another build beside this one, with the libraries that lie beside it: an official library, or an earlier
/// build of this project's own, whose assemblies have the same names.
/// </summary>
internal sealed class BuildLoader(string path) : AssemblyLoadContext(nameof(BuildLoader))
{
    private readonly AssemblyDependencyResolver _resolver = new(path);

    /// <summary>
    /// What the build's type of the same name as <paramref name="patterns"/> returns from its method All: the patterns
    /// by name. Only types of the framework may appear in them.
    /// </summary>
    /// <exception cref="InvalidOperationException">The build has not all that are wanted.</exception>
    public static IReadOnlyDictionary<string, T> AllOf<T>(string path, Type patterns, IEnumerable<string> wanted)
    {
        var type = new BuildLoader(path).LoadFromAssemblyPath(path).GetType(patterns.FullName!, throwOnError: true)!;
        var all = (IReadOnlyDictionary<string, T>)type.GetMethod("All")!.Invoke(null, null)!;
        return wanted.FirstOrDefault(pattern => !all.ContainsKey(pattern)) is { } missing
            ? throw new InvalidOperationException(
                $"{path} has no pattern '{missing}': build it anew, or name patterns that it has")
            : all;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
    }
}
