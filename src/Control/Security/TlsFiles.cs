using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ExecutionPipeline.Pipeline.Options;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Security;

/// <summary>
/// TLS by PEM files: the server's certificate and key, and the authorities that clients' certificates come from. New
/// connections use new files; those that are open go on.
/// </summary>
internal sealed class TlsFiles : IDisposable
{
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly ControlTlsOptions _options;
    private readonly ILogger _logger;
    private readonly FilesInUse<SslServerAuthenticationOptions> _files;
    private readonly Dictionary<string, Role> _clients;

    /// <exception cref="InvalidDataException">The files do not fit; says which, and why.</exception>
    public TlsFiles(ControlOptions options, ILogger<TlsFiles> logger)
    {
        (_options, _logger) = (options.Tls, logger);
        _clients = _options.Clients.ToDictionary(static one => one.SubjectName, static one => one.Role);
        string[] files = _options.ClientAuthorities.Length > 0
            ? [_options.Certificate, _options.Key, _options.ClientAuthorities]
            : [_options.Certificate, _options.Key];
        _files = new FilesInUse<SslServerAuthenticationOptions>(files, Make, logger);
    }

    /// <summary>Lets a listener speak TLS alone.</summary>
    public void Use(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(_files.Current),
        });
    }

    /// <summary>What the holder of a certificate may do whom the handshake let in; null: it is not listed.</summary>
    public Role? RoleOf(X509Certificate2 certificate) =>
        _clients.TryGetValue(certificate.SubjectName.Name, out var role) ? role : null;

    public void Dispose() => _files.Dispose();

    private SslServerAuthenticationOptions Make(IReadOnlyList<byte[]> contents)
    {
        MustBeClosed(_options.Key);
        var certificates = CertificatesOf("control.tls.certificate", _options.Certificate, contents[0]);
        var leaf = WithKey(contents);
        var (now, ends) = (DateTime.Now, leaf.NotAfter);
        if (now < leaf.NotBefore || now > ends)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"control.tls.certificate: {_options.Certificate} is for {leaf.NotBefore.ToUniversalTime():u} to "
                + $"{ends.ToUniversalTime():u}, and not for today"));
        }

        certificates.RemoveAt(0);
        var tls = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, certificates, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
        };
        if (contents.Count > 2)
        {
            var authorities = CertificatesOf(
                "control.tls.client_authorities", _options.ClientAuthorities, contents[2]);
            AskForCertificates(tls, authorities);
        }

        return tls;
    }

    private void AskForCertificates(SslServerAuthenticationOptions tls, X509Certificate2Collection authorities)
    {
        var chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        chain.CustomTrustStore.AddRange(authorities);
        chain.ApplicationPolicy.Add(new Oid(ClientPurpose));
        tls.ClientCertificateRequired = true;
        tls.CertificateChainPolicy = chain;
        // A resumed session shows no certificate, and would outlive an authority that was taken out.
        tls.AllowTlsResume = false;
        tls.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            var isTaken = certificate is null ? !_options.RequireClientCertificate : errors == SslPolicyErrors.None;
            if (!isTaken)
                _logger.LogWarning("refused the client certificate {Subject}: {Errors}", certificate?.Subject, errors);
            return isTaken;
        };
    }

    private X509Certificate2 WithKey(IReadOnlyList<byte[]> contents)
    {
        try
        {
            return X509Certificate2.CreateFromPem(
                Encoding.ASCII.GetString(contents[0]), Encoding.ASCII.GetString(contents[1]));
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException(
                $"control.tls.key: {_options.Key} has no private key of the certificate {_options.Certificate}",
                problem);
        }
    }

    private static X509Certificate2Collection CertificatesOf(string key, string file, byte[] content)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.ASCII.GetString(content));
        }
        catch (CryptographicException problem)
        {
            throw new InvalidDataException($"{key}: {file}: {problem.Message}", problem);
        }

        return certificates.Count > 0
            ? certificates
            : throw new InvalidDataException($"{key}: {file} has no PEM certificate");
    }

    private static void MustBeClosed(string file)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            throw new InvalidDataException($"control.tls.key: {file}: others may read the key; set its mode to 600");
    }
}
