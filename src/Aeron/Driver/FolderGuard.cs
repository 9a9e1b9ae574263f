using ExecutionPipeline.Native;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// Refuses folders that are not the user's own. A driver's folder has a name that anybody can guess, in a place where
/// anybody can make one: whoever does so first could read and write its streams, or have other files deleted by links.
/// That goes for root, too, which links of others would mislead most.
/// </summary>
internal static class FolderGuard
{
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Throws where there is a folder that is not this user's, or where others may write.</summary>
    /// <exception cref="UnauthorizedAccessException">There is: the message says what is wrong.</exception>
    public static void Check(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        var info = new DirectoryInfo(folder);
        if (info.LinkTarget is { } target)
            Refuse(folder, $"is a link to {target}: delete the link, or name the folder itself");

        if (!info.Exists)
            return;

        // Where the system does not tell whose it is, the mode alone counts.
        if (FileIdentity.OfPath(folder) is { } identity && identity.Owner != FileIdentity.CurrentUser)
            Refuse(
                folder,
                $"belongs to user {identity.Owner}, and the driver runs as user {FileIdentity.CurrentUser}: "
                + $"have it given to that user (chown {FileIdentity.CurrentUser} {folder}), or name another one");

        if ((info.UnixFileMode & OthersMayWrite) != UnixFileMode.None)
            Refuse(
                folder,
                "may be written by others than its owner: look who has, and forbid it "
                + $"(chmod go-w {folder}), or name another one");
    }

    private static void Refuse(string folder, string why) =>
        throw new UnauthorizedAccessException($"the media driver cannot use {folder}, which {why}");
}
