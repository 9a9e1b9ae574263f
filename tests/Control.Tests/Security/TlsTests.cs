using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Pipeline.Options;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExecutionPipeline.Control.Tests.Security;

/// <summary>TLS by files, and clients' certificates.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TlsTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly TestAuthority _authority = new("firm");
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-tls-").FullName;

    [TearDown]
    public void DeleteFolder()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [OneTimeTearDown]
    public void EndAuthority() => _authority.Dispose();

    [Test]
    public async Task ShouldUseTheNewCertificateWithoutARestartWhenTheFilesChange()
    {
        var first = Write(_authority.Issue("CN=first", isServer: true));
        await using var lone = await LoneServer.StartAsync(_folder, Options());
        Assert.That(lone.Server.Address.Scheme, Is.EqualTo("https"));
        Assert.That(lone.Server.MetricsAddress.Scheme, Is.EqualTo("https"));
        Assert.That(await SeenAsync(lone), Is.EqualTo(first));

        var second = Write(_authority.Issue("CN=second", isServer: true));

        var until = DateTime.UtcNow + Timeout;
        while (await SeenAsync(lone) != second)
            Assert.That(DateTime.UtcNow, Is.LessThan(until), "the new certificate is not used");
        using var client = lone.Client(lone.Keys["administrator"]);
        Assert.That(await LoneServer.WhoAsync(client), Is.EqualTo("administrator: administrator"));
    }

    [Test]
    public void ShouldKeepWhatItHasUntilAllFilesFitWhenTheyChangeOneByOne()
    {
        var (one, two) = (Path.Combine(_folder, "one"), Path.Combine(_folder, "two"));
        foreach (var file in (string[])[one, two])
            File.WriteAllText(file, "a");
        using var files = new FilesInUse<string>([one, two], static contents =>
        {
            var (left, right) = ((char)contents[0][0], (char)contents[1][0]);
            return left == right ? $"{left}" : throw new ArgumentException("they do not fit");
        }, NullLogger.Instance);

        File.WriteAllText(one, "b");
        files.Look();
        Assert.That(files.Current, Is.EqualTo("a"), "the second is not there yet");
        File.Delete(two);
        files.Look();
        Assert.That(files.Current, Is.EqualTo("a"), "a file is missing");
        File.WriteAllText(two, "b");
        files.Look();
        Assert.That(files.Current, Is.EqualTo("b"));
    }

    [TestCase("key of another", "has no private key of the certificate")]
    [TestCase("no certificate", "has no PEM certificate")]
    [TestCase("ended", "and not for today")]
    [TestCase("open key", "others may read the key; set its mode to 600")]
    [TestCase("missing", "Could not find file")]
    public void ShouldSayInOneLineWhatIsWrongWhenTheFilesDoNotFit(string fault, string expected)
    {
        var good = _authority.Issue("CN=good", isServer: true, days: fault == "ended" ? -1 : 1);
        Write(fault switch
        {
            "key of another" => (good.Certificate, _authority.Issue("CN=other", isServer: true).Key),
            "no certificate" => ("nothing", good.Key),
            _ => good,
        });
        if (fault == "open key")
            File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        if (fault == "missing")
            File.Delete(CertificateFile);

        Assert.That(
            async () => await LoneServer.StartAsync(_folder, Options()),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected).And.Message.Not.Contains("\n"));
    }

    [Test]
    public async Task ShouldKnowClientsByTheirCertificatesWhenAnAuthorityIsNamed()
    {
        Write(_authority.Issue("CN=server", isServer: true));
        using var stranger = new TestAuthority("stranger");
        await using var lone = await LoneServer.StartAsync(_folder, Options(isRequired: false));
        using var listed = lone.Client(certificate: _authority.IssueClient("CN=desk, O=Firm"));
        using var unlisted = lone.Client(certificate: _authority.IssueClient("CN=other"));
        using var foreign = lone.Client(certificate: stranger.IssueClient("CN=desk, O=Firm"));
        using var keyed = lone.Client(lone.Keys["administrator"]);

        Assert.That(await LoneServer.WhoAsync(listed), Is.EqualTo("CN=desk, O=Firm: trader"));
        Assert.That(await LoneServer.WhoAsync(unlisted), Does.StartWith("401: the certificate of CN=other is listed"));
        Assert.That(await LoneServer.WhoAsync(keyed), Is.EqualTo("administrator: administrator"));
        Assert.That(() => LoneServer.WhoAsync(foreign), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task ShouldTurnAwayWhoeverHasNoCertificateWhenOneIsRequired()
    {
        Write(_authority.Issue("CN=server", isServer: true));
        await using var lone = await LoneServer.StartAsync(_folder, Options(isRequired: true));
        using var keyed = lone.Client(lone.Keys["administrator"]);
        using var both = lone.Client(lone.Keys["administrator"], _authority.IssueClient("CN=other"));

        Assert.That(() => LoneServer.WhoAsync(keyed), Throws.InstanceOf<HttpRequestException>());
        Assert.That(await LoneServer.WhoAsync(both), Is.EqualTo("administrator: administrator"));
    }

    private string CertificateFile => Path.Combine(_folder, "server.pem");

    private string KeyFile => Path.Combine(_folder, "server.key");

    private ControlOptions Options(bool? isRequired = null)
    {
        var authorities = Path.Combine(_folder, "authorities.pem");
        File.WriteAllText(authorities, _authority.Pem);
        var tls = new ControlTlsOptions { Certificate = CertificateFile, Key = KeyFile };
        return LoneServer.OptionsIn(_folder) with
        {
            Tls = isRequired is null ? tls : tls with
            {
                ClientAuthorities = authorities,
                RequireClientCertificate = isRequired.Value,
                Clients = [new ControlClientOptions { Subject = "CN=desk,O=Firm", Role = Role.Trader }],
            },
        };
    }

    private string Write((string Certificate, string Key) pem)
    {
        File.WriteAllText(CertificateFile, pem.Certificate);
        File.WriteAllText(KeyFile, pem.Key);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (!pem.Certificate.StartsWith('-'))
            return "";

        using var certificate = X509Certificate2.CreateFromPem(pem.Certificate);
        return certificate.Thumbprint;
    }

    private static async Task<string?> SeenAsync(LoneServer lone)
    {
        string? seen = null;
        using var client = lone.Client(onServer: thumbprint => seen = thumbprint);
        using var response = await client.GetAsync("/health/live");
        return seen;
    }
}
