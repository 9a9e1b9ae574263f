using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Audit.Running;

/// <summary>Tells journals apart, so that one that was moved is known again and a new one is not taken for an old one.
/// </summary>
public static class JournalIdentity
{
    /// <summary>
    /// The journal as a store knows it; null: the store has not seen it. A journal is known by its configuration and
    /// its first event; one whose first segments are archived by its folder.
    /// </summary>
    /// <param name="folder">Of the journal; absolute.</param>
    /// <param name="known">The store's journals.</param>
    /// <param name="identity">What it is known by; empty where its first event is gone.</param>
    /// <param name="firstTimeNs">Of the first event that is there; 0: there is none.</param>
    public static AuditedJournal? Find(
        string folder, IReadOnlyList<AuditedJournal> known, out string identity, out long firstTimeNs)
    {
        ArgumentNullException.ThrowIfNull(known);
        using var reader = new JournalReader(folder) { IsFollowing = true };
        var first = default(PipelineEvent);
        var hasFirst = reader.TryRead(ref first);
        firstTimeNs = hasFirst ? first.Header.TimeNs : 0;
        identity = hasFirst && reader.FirstSequence == 0 ? Of(reader.Configuration, in first) : "";
        var wanted = identity;
        return wanted.Length > 0
            ? known.LastOrDefault(one => one.Identity == wanted)
            : known.LastOrDefault(one => one.Folder == folder);
    }

    private static string Of(ConfigurationHash configuration, in PipelineEvent first)
    {
        var input = MemoryMarshal.AsBytes(new ReadOnlySpan<PipelineEvent>(in first))[..PipelineEvent.InputSizeBytes];
        Span<byte> bytes = stackalloc byte[ConfigurationHash.SizeBytes + PipelineEvent.InputSizeBytes];
        ((ReadOnlySpan<byte>)configuration).CopyTo(bytes);
        input.CopyTo(bytes[ConfigurationHash.SizeBytes..]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)[..16]);
    }
}
