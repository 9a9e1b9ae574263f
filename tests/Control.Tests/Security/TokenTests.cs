using System.Security.Cryptography;
using System.Text.Json;
using ExecutionPipeline.Pipeline.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ExecutionPipeline.Control.Tests.Security;

/// <summary>Tokens that somebody else issues.</summary>
public sealed class TokenTests
{
    private const string Issuer = "https://issuer.example";
    private const string Audience = "execution-pipeline";

    private readonly RSA _key = RSA.Create(2_048);
    private readonly RSA _other = RSA.Create(2_048);
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-tokens-").FullName;

    [TearDown]
    public void DeleteFolder()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [OneTimeTearDown]
    public void EndKeys()
    {
        _key.Dispose();
        _other.Dispose();
    }

    [Test]
    public async Task ShouldTellAReasonAndLetNobodyInWhenATokenIsNotRight()
    {
        File.WriteAllText(KeyFile, _key.ExportSubjectPublicKeyInfoPem());
        await using var lone = await LoneServer.StartAsync(_folder, Options());
        var signed = Signing(_key);
        (string Token, string Expected)[] cases =
        [
            (Token(signed), "alice: trader"),
            (Token(signed, issuer: "https://other.example"), "401: the token is another issuer's"),
            (Token(signed, audience: "another"), "401: the token is meant for others"),
            (Token(signed, minutes: -10), "401: the token has ended"),
            (Token(Signing(_other)), "401: no key of the issuer has signed the token"),
            (Token(signed, role: "king"), "401: the token has no role of viewer, trader, risk and administrator in"),
            (Token(signed, name: " "), "401: the token has no sub"),
            // The public key is known to everybody: it must not do as a shared secret.
            (Token(new SigningCredentials(
                new SymmetricSecurityKey(_key.ExportSubjectPublicKeyInfo()), SecurityAlgorithms.HmacSha256)), "401: "),
            (Token(null), "401: "),
            (Token(signed)[..^4] + "AAAA", "401: no key of the issuer has signed the token"),
            ("a.b.c", "401: the token cannot be read"),
            ("..", "401: "),
        ];
        foreach (var (token, expected) in cases)
        {
            using var client = lone.Client(token);
            Assert.That(await LoneServer.WhoAsync(client), Does.StartWith(expected), token);
        }

        using var keyed = lone.Client(lone.Keys["administrator"]);
        Assert.That(await LoneServer.WhoAsync(keyed), Is.EqualTo("administrator: administrator"), "keys go on");
    }

    [Test]
    public async Task ShouldTakeTheKeysOfASetWhenThatIsWhatTheFileHas()
    {
        var keys = new[] { _other, _key }
            .Select(static key => JsonWebKeyConverter.ConvertFromRSASecurityKey(PublicOf(key)))
            .Select(static key => new { kty = key.Kty, n = key.N, e = key.E, use = "sig", alg = "RS256" });
        File.WriteAllText(KeyFile, JsonSerializer.Serialize(new { keys }));
        await using var lone = await LoneServer.StartAsync(_folder, Options());
        using var client = lone.Client(Token(Signing(_key), role: "risk"));

        Assert.That(await LoneServer.WhoAsync(client), Is.EqualTo("alice: risk"));
    }

    [TestCase("nothing", "it has no public key")]
    [TestCase("""{ "keys": [ { "kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0" } ] }""", "shared secret")]
    [TestCase("{ nonsense", "issuer.pem")]
    [TestCase("private", "and not public keys alone")]
    [TestCase("short", "below 2048 bits")]
    public void ShouldSayWhatIsWrongWhenTheKeyFileCannotBeUsed(string content, string expected)
    {
        using var weak = RSA.Create(1_024);
        File.WriteAllText(KeyFile, content switch
        {
            "private" => _key.ExportPkcs8PrivateKeyPem(),
            "short" => weak.ExportSubjectPublicKeyInfoPem(),
            _ => content,
        });

        Assert.That(
            async () => await LoneServer.StartAsync(_folder, Options()),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected).And.Message.Contains(KeyFile));
    }

    private string KeyFile => Path.Combine(_folder, "issuer.pem");

    private ControlOptions Options() => LoneServer.OptionsIn(_folder) with
    {
        Tokens = new ControlTokenOptions { Issuer = Issuer, Audience = Audience, KeyFile = KeyFile },
    };

    private static SigningCredentials Signing(RSA key) => new(new RsaSecurityKey(key), SecurityAlgorithms.RsaSha256);

    private static RsaSecurityKey PublicOf(RSA key) => new(key.ExportParameters(includePrivateParameters: false));

    private static string Token(
        SigningCredentials? signing, string issuer = Issuer, string audience = Audience, string role = "trader",
        string name = "alice", int minutes = 10) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            IssuedAt = DateTime.UtcNow.AddMinutes(-20),
            NotBefore = DateTime.UtcNow.AddMinutes(-20),
            Expires = DateTime.UtcNow.AddMinutes(minutes),
            Claims = new Dictionary<string, object> { ["sub"] = name, ["role"] = role },
            SigningCredentials = signing,
        });
}
