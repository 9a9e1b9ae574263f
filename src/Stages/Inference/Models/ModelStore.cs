using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>
/// A folder of model versions and the order in which they decided:
/// <code>
///   current                  a version a line: the one that decides, then those before it, latest first
///   canary                   the version that is being tried, while one is
///   versions/VERSION/        manifest and models of one version, never changed once they are there
///   lock                     held by whoever writes; empty
/// </code>
/// The file and each folder are replaced whole, by a rename, so a reader sees the old or the new. Writers, of this and
/// of other processes, come one after the other.
/// </summary>
public sealed class ModelStore
{
    /// <summary>Versions kept, the current and the previous one among them.</summary>
    public const int DefaultRetention = 20;

    private const int HistoryMax = 100;
    private const string CurrentFile = "current";
    private const string CanaryFile = "canary";
    private const string VersionsFolder = "versions";
    private const string LockFile = "lock";
    private const string PartialSuffix = ".partial";
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(2);
    private readonly string _path;
    private readonly string _versions;
    private readonly int _retention;
    private readonly TimeProvider _clock;

    /// <param name="path">Need not be there yet.</param>
    /// <param name="retention">Versions kept; at least 2, so that there is one to go back to.</param>
    /// <param name="clock">Stamps what is added; null: the system's.</param>
    public ModelStore(string path, int retention = DefaultRetention, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(retention, 2);
        _path = Path.GetFullPath(path);
        _versions = Path.Combine(_path, VersionsFolder);
        _retention = retention;
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Where it is.</summary>
    public string Location => _path;

    /// <summary>Whether a folder is a store, and not a plain folder of models.</summary>
    public static bool IsStore(string path) =>
        Directory.Exists(Path.Combine(path, VersionsFolder)) || File.Exists(Path.Combine(path, CurrentFile));

    /// <summary>What a store has beside its versions.</summary>
    public static IReadOnlyList<string> OwnFilesOf(string path) =>
        [Path.Combine(path, CurrentFile), Path.Combine(path, CanaryFile), Path.Combine(path, LockFile)];

    /// <summary>The versions that decided, latest first: the current one, the previous one, and so on.</summary>
    /// <exception cref="ModelFileException">The file that says so cannot be read or is damaged.</exception>
    public IReadOnlyList<ModelVersion> History()
    {
        var path = Path.Combine(_path, CurrentFile);
        if (!Path.Exists(path))
            return [];

        return Worded(path, () => (ModelVersion[])[.. File.ReadLines(path).Take(HistoryMax).Select(Read)]);

        ModelVersion Read(string line) => ModelVersion.TryParse(line, out var version)
            ? version
            : throw new ModelFileException($"{path}: '{line}' is no version (16 hexadecimal digits)");
    }

    /// <summary>Every version there is, latest first; one whose manifest is damaged says so.</summary>
    /// <exception cref="ModelFileException">The folder cannot be read.</exception>
    public IReadOnlyList<StoredModel> List()
    {
        if (!Path.Exists(_versions))
            return [];

        var found = new List<StoredModel>();
        foreach (var folder in Worded(_versions, () => Directory.GetDirectories(_versions)))
        {
            if (ModelVersion.TryParse(Path.GetFileName(folder), out var version))
                found.Add(Describe(version));
        }

        return [.. found.OrderByDescending(static m => m.Created).ThenByDescending(static m => m.Version.Prefix)];
    }

    /// <summary>The version whose text begins with <paramref name="text"/>.</summary>
    /// <exception cref="ModelFileException">No version does, or several do.</exception>
    public ModelVersion Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = List().Select(static m => m.Version)
            .Where(v => v.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count == 1 && text.Length > 0
            ? found[0]
            : throw new ModelFileException($"{_path}: {found.Count} versions begin with '{text}'");
    }

    /// <summary>A version's folder. Its files are verified as they are read.</summary>
    /// <exception cref="ModelFileException">It is not there, or its manifest is of another version.</exception>
    public ModelDirectory Open(ModelVersion version)
    {
        var models = ModelDirectory.Open(FolderOf(version));
        var found = ModelVersion.Of(models.Manifest);
        return found == version
            ? models
            : throw new ModelFileException($"{FolderOf(version)}: {ModelManifest.FileName} is that of version {found}");
    }

    /// <summary>
    /// Takes in the models of a plain folder, verified, and removes the oldest versions beyond those that are kept. A
    /// version that is there already stays as it is.
    /// </summary>
    /// <param name="folder">Models with their manifest.</param>
    /// <param name="tool">The program that adds them.</param>
    /// <exception cref="ModelFileException">
    /// A file is not as its manifest says, or the store cannot be written.
    /// </exception>
    public ModelVersion Add(string folder, string tool)
    {
        var models = ModelDirectory.Open(folder);
        var contents = models.Manifest.Models.Select(model => models.ReadVerified(model.Name)).ToList();

        // A version is known by its models' hashes, so weights that were in files beside them are now inside.
        var entries = models.Manifest.Models.Zip(contents, static (model, bytes) =>
            model with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), Data = null }).ToList();
        var whole = models.Manifest with { Models = entries };
        var version = ModelVersion.Of(whole);
        return Worded(_versions, () =>
        {
            Directory.CreateDirectory(_versions);
            using var writing = Lock();
            AddWhole(whole, contents, version, tool);
            return version;
        });
    }

    private void AddWhole(ModelManifest whole, List<byte[]> contents, ModelVersion version, string tool)
    {
        var target = FolderOf(version);
        if (Directory.Exists(target))
            return;

        // Nobody else writes now, so what is half written was left by somebody who did not end.
        foreach (var left in Directory.GetDirectories(_versions, "*" + PartialSuffix))
            Directory.Delete(left, recursive: true);

        var history = History();
        var manifest = whole with
        {
            Lineage = new ModelLineage
            {
                Parent = history.Count > 0 ? history[0].ToString() : null,
                Created = _clock.GetUtcNow(),
                Tool = tool,
            },
        };
        Write(contents, manifest, target);
        Prune(version);
    }

    /// <summary>Puts a version at the head of the history.</summary>
    /// <param name="version">Decides from now on.</param>
    /// <param name="left">
    /// Go out of the history: they were rolled back, and nothing returns to them. Null: none goes.
    /// </param>
    /// <exception cref="ModelFileException">The history is damaged, or the store cannot be written.</exception>
    public void MakeCurrent(ModelVersion version, IReadOnlySet<ModelVersion>? left = null)
    {
        var path = Path.Combine(_path, CurrentFile);
        Worded(path, () =>
        {
            Directory.CreateDirectory(_path);
            using var writing = Lock();
            var history = History();
            var others = history.Where(v => v != version && left?.Contains(v) != true);
            ModelVersion[] next = [.. others.Prepend(version).Take(HistoryMax)];
            if (!history.SequenceEqual(next))
                WriteHistory(next);
            return version;
        });
    }

    /// <summary>Says which version is being tried, so that it is kept; null: none is any more.</summary>
    /// <exception cref="ModelFileException">The store cannot be written.</exception>
    public void MarkTried(ModelVersion? version)
    {
        var path = Path.Combine(_path, CanaryFile);
        Worded(path, () =>
        {
            Directory.CreateDirectory(_path);
            using var writing = Lock();
            if (version is { } tried)
                DurableFile.Replace(path, Encoding.UTF8.GetBytes($"{tried}\n"));
            else
                File.Delete(path);
            return version;
        });
    }

    private void WriteHistory(IEnumerable<ModelVersion> versions)
    {
        var lines = string.Concat(versions.Select(static version => $"{version}\n"));
        DurableFile.Replace(Path.Combine(_path, CurrentFile), Encoding.UTF8.GetBytes(lines));
    }

    private static void Write(List<byte[]> contents, ModelManifest manifest, string target)
    {
        var partial = target + PartialSuffix;
        Directory.CreateDirectory(partial);
        foreach (var (model, bytes) in manifest.Models.Zip(contents))
            DurableFile.Write(Path.Combine(partial, model.File), bytes);

        DurableFile.Write(Path.Combine(partial, ModelManifest.FileName), Encoding.UTF8.GetBytes(manifest.ToJson()));
        Directory.Move(partial, target);
        DurableFile.SyncFolderOf(target);
    }

    /// <summary>Keeps other writers out until it is disposed of, and waits for one who is at it.</summary>
    private FileStream Lock()
    {
        var path = Path.Combine(_path, LockFile);
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(LockInterval))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && waited.Elapsed < LockTimeout)
            {
                // Another writer holds it.
            }
        }
    }

    private static T Worded<T>(string path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelFileException.At(path, e);
        }
    }

    /// <summary>
    /// What decides, what it would fall back to, what is being tried and what was just added are never removed.
    /// </summary>
    private void Prune(ModelVersion added)
    {
        var kept = History().Take(2).Append(added).ToHashSet();
        var canary = Path.Combine(_path, CanaryFile);
        if (File.Exists(canary) && ModelVersion.TryParse(File.ReadAllText(canary).Trim(), out var tried))
            kept.Add(tried);
        foreach (var old in List().Where(m => !kept.Contains(m.Version)).Skip(_retention - kept.Count))
            Directory.Delete(FolderOf(old.Version), recursive: true);
    }

    private StoredModel Describe(ModelVersion version)
    {
        try
        {
            return new StoredModel(version, Open(version).Manifest, null);
        }
        catch (ModelFileException e)
        {
            return new StoredModel(version, null, e.Message);
        }
    }

    private string FolderOf(ModelVersion version) => Path.Combine(_versions, version.ToString());
}

/// <summary>A version as a store lists it.</summary>
/// <param name="Version">As its folder is named.</param>
/// <param name="Manifest">Null when it cannot be read.</param>
/// <param name="Problem">Why the manifest cannot be read; null: it can.</param>
public sealed record StoredModel(ModelVersion Version, ModelManifest? Manifest, string? Problem)
{
    /// <summary>When it was added; the beginning of time when that is not known.</summary>
    public DateTimeOffset Created => Manifest?.Lineage?.Created ?? DateTimeOffset.MinValue;
}
