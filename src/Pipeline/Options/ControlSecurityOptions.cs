using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>What somebody may do at the control plane.</summary>
public enum Role
{
    /// <summary>Looks, and changes nothing.</summary>
    Viewer,

    /// <summary>Trades, and stops what trades.</summary>
    Trader,

    /// <summary>Stops trading and lets it go on, and does not trade.</summary>
    Risk,

    /// <summary>May do everything.</summary>
    Administrator,
}

/// <summary>TLS of the control plane, by files that are read again when they change.</summary>
public sealed record ControlTlsOptions
{
    /// <summary>
    /// The server's certificate, PEM, with those between it and its root behind it; empty: no TLS, and the control
    /// plane listens on loopback alone. Default empty.
    /// </summary>
    public string Certificate { get; init; } = "";

    /// <summary>The certificate's private key, PEM, without a password. Default empty.</summary>
    public string Key { get; init; } = "";

    /// <summary>
    /// The certificates, PEM, of the authorities that clients' certificates must come from; empty: clients are asked
    /// for none. Default empty.
    /// </summary>
    public string ClientAuthorities { get; init; } = "";

    /// <summary>
    /// Whether whoever has no certificate of these authorities is turned away, even with an API key. Default false.
    /// </summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>
    /// What the holders of certificates may do; one that is not listed needs an API key. Default none.
    /// </summary>
    public IReadOnlyList<ControlClientOptions> Clients { get; init; } = [];

    /// <summary>Whether there is a certificate.</summary>
    public bool IsOn => Certificate.Length > 0;

    /// <exception cref="ArgumentException">A value cannot be used.</exception>
    public void Validate()
    {
        if (Certificate.Length > 0 != Key.Length > 0)
            throw new ArgumentException("control.tls: set certificate and key, or neither");
        if (ClientAuthorities.Length > 0 && !IsOn)
            throw new ArgumentException("control.tls: set certificate and key where client_authorities is set");
        if (ClientAuthorities.Length == 0 && (RequireClientCertificate || Clients.Count > 0))
            throw new ArgumentException("control.tls: set client_authorities where clients are known by certificates");
        foreach (var client in Clients)
            client.Validate();
        if (Clients.GroupBy(static one => one.SubjectName, StringComparer.Ordinal).Any(static one => one.Count() > 1))
            throw new ArgumentException("control.tls: set each subject once in clients");
    }
}

/// <summary>Who is known by a certificate.</summary>
public sealed record ControlClientOptions
{
    /// <summary>The certificate's subject, such as CN=desk, O=Firm. No default; not empty.</summary>
    public string Subject { get; init; } = "";

    /// <summary>What its holder may do. Default viewer.</summary>
    public Role Role { get; init; }

    /// <summary>The subject as certificates' subjects are compared.</summary>
    public string SubjectName => new X500DistinguishedName(new X500DistinguishedName(Subject).RawData).Name;

    /// <exception cref="ArgumentException">The subject is none.</exception>
    public void Validate()
    {
        try
        {
            if (SubjectName.Length > 0)
                return;
        }
        catch (CryptographicException)
        {
            // It is told below.
        }

        throw new ArgumentException(
            $"control.tls: set subject to a distinguished name such as CN=desk: it is '{Subject}'");
    }
}

/// <summary>Signed tokens (JWT, RFC 7519) that somebody else issues, as bearers of the control plane.</summary>
public sealed record ControlTokenOptions
{
    /// <summary>Who issues them (iss); empty: no tokens are taken. Default empty.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>Whom they must be meant for (aud). Default empty.</summary>
    public string Audience { get; init; } = "";

    /// <summary>
    /// The issuer's public keys, a PEM file or a JSON Web Key Set (RFC 7517); it is read again when it changes. Default
    /// empty.
    /// </summary>
    public string KeyFile { get; init; } = "";

    /// <summary>The claim that has one of the roles. Default role.</summary>
    public string RoleClaim { get; init; } = "role";

    /// <summary>The claim that has the holder's name. Default sub.</summary>
    public string NameClaim { get; init; } = "sub";

    /// <summary>Whether tokens are taken.</summary>
    public bool IsOn => Issuer.Length > 0;

    /// <exception cref="ArgumentException">A value cannot be used.</exception>
    public void Validate()
    {
        if (new[] { Issuer, Audience, KeyFile }.Select(static one => one.Length > 0).Distinct().Count() > 1)
            throw new ArgumentException("control.tokens: set issuer, audience and key_file, or none of them");
        if (RoleClaim.Length == 0 || NameClaim.Length == 0)
            throw new ArgumentException("control.tokens: set role_claim and name_claim");
    }
}
