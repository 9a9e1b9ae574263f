using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ExecutionPipeline.Control.Tests.Security;

/// <summary>An authority that issues certificates, and writes them as PEM files into a folder of its own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private int _serial;

    public TestAuthority(string name)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>The authority's own certificate.</summary>
    public string Pem => _root.ExportCertificatePem();

    /// <summary>A certificate and its key as PEM.</summary>
    public (string Certificate, string Key) Issue(string subject, bool isServer, int days = 1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(isServer ? ServerPurpose : ClientPurpose)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(
            _root, DateTimeOffset.UtcNow.AddDays(-7), DateTimeOffset.UtcNow.AddDays(days),
            BitConverter.GetBytes(++_serial));
        return (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A client's certificate with its key.</summary>
    public X509Certificate2 IssueClient(string subject)
    {
        var (certificate, key) = Issue(subject, isServer: false);
        return X509Certificate2.CreateFromPem(certificate, key);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }
}
