using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Security;

/// <summary>Who a key belongs to. The key itself is kept nowhere.</summary>
/// <param name="Name">What the holder is called, in logs and answers.</param>
/// <param name="Role">What the holder may do.</param>
/// <param name="OperatorId">The number that the pipeline's audit trail has for the holder, at least 1.</param>
/// <param name="Sha256">The key's hash, hexadecimal.</param>
public sealed record ApiKey(string Name, Role Role, uint OperatorId, string Sha256);

/// <summary>
/// The API keys of a control plane, by their hashes, in a file that only its owner reads. A key has 256 random bits,
/// so that its plain hash cannot be turned back.
/// </summary>
public sealed class ApiKeys : IDisposable
{
    private const int KeyBytes = 32;
    private const string Prefix = "xp_";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string FirstName = "administrator";

    private readonly string _file;
    private readonly List<ApiKey> _keys;
    private FilesInUse<List<ApiKey>>? _inUse;

    private ApiKeys(string file, List<ApiKey> keys) => (_file, _keys) = (file, keys);

    /// <summary>Who has a key.</summary>
    public IReadOnlyList<ApiKey> All => _inUse?.Current ?? _keys;

    /// <summary>Reads the file, or makes it with the key of an administrator.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="created">That administrator's key, which is told this once; null: there was a file.</param>
    /// <exception cref="InvalidDataException">The file is none of keys.</exception>
    /// <exception cref="IOException">It cannot be read or written, or others can read it.</exception>
    public static ApiKeys Open(string file, out string? created)
    {
        created = null;
        if (File.Exists(file))
            return new ApiKeys(file, Read(file));

        var keys = new ApiKeys(file, []);
        created = keys.Add(FirstName, Role.Administrator);
        return keys;
    }

    /// <summary>Makes a key and writes the file. Returns the key, which nobody can read again.</summary>
    /// <exception cref="ArgumentException">Somebody of that name has one.</exception>
    public string Add(string name, Role role)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (_keys.Exists(key => key.Name == name))
            throw new ArgumentException($"there is a key of {name} in {_file} already");

        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));
        var operatorId = _keys.Count == 0 ? 1 : _keys.Max(static known => known.OperatorId) + 1;
        _keys.Add(new ApiKey(name, role, operatorId, HashOf(key)));
        Write();
        return key;
    }

    /// <summary>Whose key it is; null: nobody's.</summary>
    public ApiKey? Find(string key)
    {
        var hash = Encoding.ASCII.GetBytes(HashOf(key));
        ApiKey? found = null;
        // Every key is compared, each in the same time, so that the time tells nothing.
        foreach (var known in All)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(known.Sha256), hash))
                found = known;
        }

        return found;
    }

    /// <summary>Whether somebody still has the key.</summary>
    public bool Has(ApiKey holder) => All.Contains(holder);

    public void Dispose() => _inUse?.Dispose();

    /// <summary>From now on keys are those of the file, which is read again when it changes.</summary>
    internal void Follow(ILogger logger) => _inUse = new FilesInUse<List<ApiKey>>([_file], _ => Read(_file), logger);

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static List<ApiKey> Read(string file)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnerOnly) != 0)
            throw new IOException($"{file}: others may read the keys; set its mode to 600");

        try
        {
            var keys = JsonSerializer.Deserialize<List<ApiKey>>(File.ReadAllBytes(file), Json.Options)
                ?? throw new InvalidDataException($"{file}: there are no keys in it");
            if (keys.Find(static key => string.IsNullOrEmpty(key.Name) || string.IsNullOrEmpty(key.Sha256)) is not null)
                throw new InvalidDataException($"{file}: each key needs name, role, operator_id and sha256");

            return keys;
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{file}: {problem.Message}", problem);
        }
    }

    private void Write()
    {
        if (Path.GetDirectoryName(_file) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        DurableFile.ReplacePrivate(_file, JsonSerializer.SerializeToUtf8Bytes(_keys, Json.Options));
    }
}
