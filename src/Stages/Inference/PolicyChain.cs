using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// Opens who decides at the start: the current models, else the previous ones, else the rule-based policy. Whatever is
/// wrong with a file ends in a reason that names it, and never in an exception.
/// </summary>
public static class PolicyChain
{
    /// <summary>The caller disposes of it. Its problem says what was passed over, and why.</summary>
    /// <param name="folder">A store, or a plain folder of models, which has no previous ones.</param>
    /// <param name="open">Opens a folder of models by the backend that was asked for.</param>
    public static LoadedPolicy Open(string folder, Func<ModelDirectory, LoadedPolicy> open)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(open);
        var problems = new List<string>();
        foreach (var (name, find) in CandidatesOf(folder, problems))
        {
            try
            {
                var policy = OpenProbed(find(), open);
                return policy with { Problem = Join(problems, policy.Problem) };
            }
            catch (ModelFileException problem)
            {
                problems.Add($"{name}: {problem.Message}");
            }
        }

        return LoadedPolicy.Rules(Join(problems, null));
    }

    /// <summary>Opens one folder of models, and holds its answers against their bounds.</summary>
    /// <exception cref="ModelFileException">A file is not as it should be, or an answer is none.</exception>
    public static LoadedPolicy OpenProbed(ModelDirectory models, Func<ModelDirectory, LoadedPolicy> open)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(open);
        var policy = open(models);
        if (PolicyProbe.TryPass(policy.Backend, out var reason))
            return policy with { Version = ModelVersion.Of(models.Manifest) };

        policy.Dispose();
        throw new ModelFileException($"{models.Location}: {policy.Name}: {reason}");
    }

    private static List<(string Name, Func<ModelDirectory> Find)> CandidatesOf(string folder, List<string> problems)
    {
        if (!ModelStore.IsStore(folder))
            return [("the models", () => ModelDirectory.Open(folder))];

        try
        {
            var store = new ModelStore(folder);
            var versions = store.History().Take(2).ToList();
            if (versions.Count == 0)
                problems.Add($"{folder}: no version is current");

            return
            [
                .. versions.Select((version, i) => (
                    i == 0 ? "the current models" : "the previous models",
                    (Func<ModelDirectory>)(() => store.Open(version)))),
            ];
        }
        catch (ModelFileException problem)
        {
            problems.Add(problem.Message);
            return [];
        }
    }

    private static string? Join(List<string> problems, string? last)
    {
        IEnumerable<string> all = last is null ? problems : problems.Append(last);
        var text = string.Join("; ", all);
        return text.Length == 0 ? null : text;
    }
}

/// <summary>A backend that was opened and checked.</summary>
/// <param name="Backend">Decides. Disposed of by who opened it, if it can be.</param>
/// <param name="Name">As reports name it.</param>
/// <param name="Problem">Why what was asked for does not decide; null: it does.</param>
public sealed record LoadedPolicy(IPolicyBackend Backend, string Name, string? Problem) : IDisposable
{
    private const string SeparateSuffix = "-separate";

    /// <summary>Of the models that decide.</summary>
    public ModelVersion Version { get; init; }

    /// <summary>The rule-based policy, which needs no file.</summary>
    /// <param name="problem">Why it decides in another's place; null: it was asked for.</param>
    public static LoadedPolicy Rules(string? problem = null) =>
        new(new RuleBasedPolicy(new RuleBasedPolicyOptions()), "rules", problem);

    /// <summary>ONNX Runtime.</summary>
    /// <param name="models">The folder of models.</param>
    /// <param name="isSeparate">From the actors' own files, and not from the one with all three.</param>
    /// <exception cref="ModelFileException">A file is not as it should be, or the runtime refuses it.</exception>
    public static LoadedPolicy OpenOnnxRuntime(ModelDirectory models, bool isSeparate)
    {
        IPolicyBackend backend = isSeparate ? SeparateOnnxRuntimePolicy.Load(models) : OnnxRuntimePolicy.Load(models);
        return new LoadedPolicy(backend, Named("onnxruntime", isSeparate), null);
    }

    /// <summary>
    /// The compiled backend, if it compiles the graphs and agrees with ONNX Runtime on every one of many contexts;
    /// else ONNX Runtime, and why.
    /// </summary>
    /// <param name="models">The folder of models.</param>
    /// <param name="isSeparate">From the actors' own files, and not from the one with all three.</param>
    /// <exception cref="ModelFileException">A file is not as it should be, or the runtime refuses it.</exception>
    public static LoadedPolicy OpenCompiled(ModelDirectory models, bool isSeparate)
    {
        ArgumentNullException.ThrowIfNull(models);
        return OpenHeldAgainst(
            OpenOnnxRuntime(models, isSeparate),
            () => new LoadedPolicy(CompiledPolicy.Load(models, isSeparate), Named("compiled", isSeparate), null));
    }

    /// <summary>What is opened, if it agrees with the reference; else the reference, and why.</summary>
    internal static LoadedPolicy OpenHeldAgainst(LoadedPolicy reference, Func<LoadedPolicy> open)
    {
        LoadedPolicy candidate;
        try
        {
            candidate = open();
        }
        catch (Exception problem)
        {
            // A model that the compiler has not foreseen must not keep ONNX Runtime from running it.
            return reference with { Problem = problem.Message.ReplaceLineEndings(" ") };
        }

        if (PolicyParity.TryMatch(reference.Backend, candidate.Backend, out var difference))
        {
            reference.Dispose();
            return candidate;
        }

        candidate.Dispose();
        return reference with { Problem = $"it disagrees with ONNX Runtime: {difference}" };
    }

    public void Dispose() => (Backend as IDisposable)?.Dispose();

    private static string Named(string name, bool isSeparate) => isSeparate ? name + SeparateSuffix : name;
}
