using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace ExecutionPipeline.Control.Security;

/// <summary>The public keys of whoever issues tokens: PEM, or a JSON Web Key Set.</summary>
internal sealed class TokenKeys : IDisposable
{
    private const int LeastRsaBits = 2_048;
    private const string PublicLabel = "PUBLIC KEY";
    private const string CertificateLabel = "CERTIFICATE";

    private readonly string _file;
    private readonly FilesInUse<IReadOnlyList<SecurityKey>> _keys;

    /// <exception cref="InvalidDataException">The file has no keys that can be used; says why.</exception>
    public TokenKeys(ControlOptions options, ILogger<TokenKeys> logger)
    {
        _file = options.Tokens.KeyFile;
        _keys = new FilesInUse<IReadOnlyList<SecurityKey>>([_file], contents => Read(contents[0]), logger);
    }

    /// <summary>Those that may have signed a token.</summary>
    public IReadOnlyList<SecurityKey> All => _keys.Current;

    public void Dispose() => _keys.Dispose();

    private List<SecurityKey> Read(byte[] content)
    {
        var text = Encoding.UTF8.GetString(content).Trim();
        var keys = text.StartsWith('{') ? ReadSet(text) : ReadPem(text);
        if (keys.Count == 0)
            throw Unfit("it has no public key");
        foreach (var key in keys)
        {
            if (key.KeySize < LeastRsaBits && key is RsaSecurityKey)
                throw Unfit($"it has an RSA key below {LeastRsaBits} bits");
        }

        return keys;
    }

    private List<SecurityKey> ReadSet(string text)
    {
        var set = new JsonWebKeySet(text);
        return set.Keys.Any(static key => key.Kty == JsonWebAlgorithmsKeyTypes.Octet)
            ? throw Unfit("it has a shared secret, which is no public key")
            : [.. set.GetSigningKeys()];
    }

    private List<SecurityKey> ReadPem(string text)
    {
        List<SecurityKey> keys = [];
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label].ToString();
            var bytes = Convert.FromBase64String(rest[fields.Base64Data].ToString());
            keys.Add(label switch
            {
                PublicLabel => KeyOf(PublicKey.CreateFromSubjectPublicKeyInfo(bytes, out _)),
                CertificateLabel => KeyOf(X509CertificateLoader.LoadCertificate(bytes).PublicKey),
                _ => throw Unfit($"it has a {label}, and not public keys alone"),
            });
            rest = rest[fields.Location.End..];
        }

        return keys;
    }

    private SecurityKey KeyOf(PublicKey key) =>
        key.GetRSAPublicKey() is { } rsa ? new RsaSecurityKey(rsa)
            : key.GetECDsaPublicKey() is { } ecdsa ? new ECDsaSecurityKey(ecdsa)
            : throw Unfit("it has a key that is neither RSA nor ECDSA");

    private InvalidDataException Unfit(string reason) => new($"control.tokens.key_file: {_file}: {reason}");
}
