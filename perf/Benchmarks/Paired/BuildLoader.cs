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

    /// <summary>The build's assembly.</summary>
    public Assembly LoadBuild() => LoadFromAssemblyPath(path);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
    }
}
