namespace ExecutionPipeline.Pipeline.Options;

/// <summary>
/// Where a secret is kept. No configuration holds the secret itself, so that none is printed, logged or committed with
/// it. One of the three is set.
/// </summary>
public sealed record SecretSource
{
    private const string CredentialsVariable = "CREDENTIALS_DIRECTORY";

    /// <summary>A file that holds the secret and no more than a last line end; empty: none. Default empty.</summary>
    public string File { get; init; } = "";

    /// <summary>The name of an environment variable that holds it; empty: none. Default empty.</summary>
    public string Environment { get; init; } = "";

    /// <summary>
    /// The name of a systemd credential (LoadCredential=), a file in $CREDENTIALS_DIRECTORY; empty: none. Default
    /// empty.
    /// </summary>
    public string Credential { get; init; } = "";

    /// <summary>How many places it names.</summary>
    private int Count => new[] { File, Environment, Credential }.Count(static place => place.Length > 0);

    /// <summary>Reads the secret.</summary>
    /// <param name="key">The key of the configuration, for messages.</param>
    /// <param name="variables">The environment.</param>
    /// <returns>The secret; null: nothing is said of one.</returns>
    /// <exception cref="InvalidDataException">
    /// There is none where it should be; names the place, never the secret.
    /// </exception>
    public string? Read(string key, Func<string, string?> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (Count == 0)
            return null;
        if (Environment.Length > 0)
        {
            return variables(Environment) is { Length: > 0 } value
                ? value
                : throw new InvalidDataException($"{key}.environment: the variable {Environment} is not set");
        }

        return File.Length > 0
            ? ReadFile($"{key}.file", File)
            : ReadFile($"{key}.credential", CredentialFile(key, variables(CredentialsVariable)));
    }

    /// <exception cref="ArgumentException">More than one place is named, or a credential's name is a path.</exception>
    public void Validate(string key)
    {
        if (Count > 1)
            throw new ArgumentException($"{key}: set one of file, environment and credential.");
        if (Credential.Contains('/') || Credential is "." or "..")
            throw new ArgumentException($"{key}: set credential to the credential's name, not to a path.");
    }

    private string CredentialFile(string key, string? folder) => folder is { Length: > 0 }
        ? Path.Combine(folder, Credential)
        : throw new InvalidDataException(
            $"{key}.credential: {CredentialsVariable} is not set: systemd sets it for a unit with LoadCredential=");

    private static string ReadFile(string key, string path)
    {
        try
        {
            var text = System.IO.File.ReadAllText(path).TrimEnd('\r', '\n');
            return text.Length > 0 ? text : throw new InvalidDataException($"{key}: {path} is empty");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{key}: {problem.Message}", problem);
        }
    }
}
