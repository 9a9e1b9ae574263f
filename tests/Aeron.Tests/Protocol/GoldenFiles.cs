using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace ExecutionPipeline.Aeron.Tests.Protocol;

/// <summary>Files that Aeron's Java driver and client wrote, and what they contain.</summary>
internal sealed class GoldenFiles : IDisposable
{
    private readonly string _folder;

    private GoldenFiles(string source)
    {
        _folder = Path.Combine(Path.GetTempPath(), $"aeron-golden-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
        using var archive = new GZipStream(
            File.OpenRead(Path.Combine(source, "golden.tar.gz")), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(archive, _folder, overwriteFiles: true);
        using var expected = File.OpenRead(Path.Combine(source, "expected.json"));
        Expected = JsonDocument.Parse(expected);
    }

    /// <summary>What the files contain.</summary>
    public JsonDocument Expected { get; }

    /// <summary>The streams of <see cref="Expected"/>.</summary>
    public IEnumerable<JsonElement> Streams => Expected.RootElement.GetProperty("streams").EnumerateArray();

    /// <summary>Extracts the files; ignores the test where they are not beside the checkout.</summary>
    public static GoldenFiles Open()
    {
        var source = RepositoryFiles.SharedPathOf("vectors", "aeron");
        return new GoldenFiles(source);
    }

    public string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose()
    {
        Expected.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
