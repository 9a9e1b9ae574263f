using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Security;

/// <summary>
/// What was made of some files, and is made again when they change, so that keys are replaced without a restart. Files
/// that do not fit leave what there was in use, and that is told once; a change that comes file by file is taken when
/// the last of them is there.
/// </summary>
/// <typeparam name="T">What is made.</typeparam>
internal sealed class FilesInUse<T> : IDisposable
    where T : class
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly string[] _files;
    private readonly Func<IReadOnlyList<byte[]>, T> _make;
    private readonly ILogger _logger;
    private readonly Timer _timer;
    private readonly Lock _looking = new();
    private byte[] _hash;
    private T _current;
    private string? _told;

    /// <param name="files">Their paths.</param>
    /// <param name="make">Makes it of their contents, in the same order.</param>
    /// <param name="logger">Is told of changes.</param>
    /// <exception cref="InvalidDataException">The files do not fit, or cannot be read; names the file.</exception>
    public FilesInUse(IEnumerable<string> files, Func<IReadOnlyList<byte[]>, T> make, ILogger logger)
    {
        (_files, _make, _logger) = ([.. files], make, logger);
        var contents = Read();
        _hash = HashOf(contents);
        _current = Make(contents);
        _timer = new Timer(_ => Look(), null, LookInterval, LookInterval);
    }

    /// <summary>The last that was made.</summary>
    // Read by any thread; Look publishes it.
    public T Current => Volatile.Read(ref _current);

    public void Dispose() => _timer.Dispose();

    /// <summary>Looks whether the files have changed; it is called every second.</summary>
    internal void Look()
    {
        // A look that takes longer than the interval is not overtaken.
        if (!_looking.TryEnter())
            return;

        try
        {
            var contents = Read();
            var hash = HashOf(contents);
            if (hash.AsSpan().SequenceEqual(_hash))
                return;

            // What does not fit is tried at each look: a mode that is wrong is mended without another content.
            Volatile.Write(ref _current, Make(contents));
            _hash = hash;
            _logger.LogWarning("took the new {Files}", string.Join(", ", _files));
        }
        catch (Exception problem)
        {
            // Whatever it is: nobody waits for this look, and what there was goes on.
            TellOnce(problem.Message);
        }
        finally
        {
            _looking.Exit();
        }
    }

    private void TellOnce(string problem)
    {
        if (_told == problem)
            return;

        _told = problem;
        _logger.LogError("{Problem}; what was read before stays in use", problem);
    }

    private T Make(IReadOnlyList<byte[]> contents)
    {
        try
        {
            var made = _make(contents);
            _told = null;
            return made;
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException or IOException)
        {
            throw new InvalidDataException($"{string.Join(", ", _files)}: {problem.Message}", problem);
        }
    }

    private byte[][] Read()
    {
        try
        {
            return [.. _files.Select(File.ReadAllBytes)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(problem.Message, problem);
        }
    }

    private static byte[] HashOf(byte[][] contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var content in contents)
            hash.AppendData(SHA256.HashData(content));

        return hash.GetHashAndReset();
    }
}
