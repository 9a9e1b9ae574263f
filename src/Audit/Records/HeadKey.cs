using System.Security.Cryptography;

namespace ExecutionPipeline.Audit.Records;

/// <summary>
/// The key that the chain's head is signed with: ECDSA over P-256, SHA-256. Who changes records and works the chain
/// out anew cannot sign its head.
/// </summary>
public sealed class HeadKey : IDisposable
{
    private readonly ECDsa _key;

    private HeadKey(ECDsa key, string path) => (_key, Path) = (key, path);

    /// <summary>The file that it is from.</summary>
    public string Path { get; }

    /// <summary>
    /// What the key is known by: the first 8 bytes of the SHA-256 of its public half, in hexadecimal.
    /// </summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo())[..8]);

    /// <summary>Reads a PEM file with a private key, or to check signatures alone with a public one.</summary>
    /// <exception cref="InvalidDataException">It holds no such key.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static HeadKey Read(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.KeySize != 256)
                throw new InvalidDataException($"{path}: the key has {key.KeySize} bits; one over P-256 is needed");

            return new HeadKey(key, path);
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidDataException(
                $"{path}: there is no ECDSA key in it: make one with openssl ecparam -genkey -name prime256v1 -noout",
                problem);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Signs a head.</summary>
    /// <exception cref="InvalidDataException">The file holds the public half alone.</exception>
    public byte[] Sign(ChainHead head)
    {
        try
        {
            return _key.SignData(head.SignedBytes(), HashAlgorithmName.SHA256);
        }
        catch (CryptographicException problem)
        {
            throw new InvalidDataException($"{Path}: it holds no private key to sign with", problem);
        }
    }

    /// <summary>Whether a signature is this key's, of this head.</summary>
    public bool IsSignatureOf(ChainHead head, ReadOnlySpan<byte> signature) =>
        _key.VerifyData(head.SignedBytes(), signature, HashAlgorithmName.SHA256);

    public void Dispose() => _key.Dispose();
}
