using System.Collections.Concurrent;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>
/// The publications whose driver runs in this process, by the file of their log. A publisher that has used up its
/// window moves its own limit through here, so that it does not wait for a driver that sleeps.
/// </summary>
internal static class LocalStreams
{
    private static readonly ConcurrentDictionary<string, ILocalStream> ByLogFile = new();

    public static void Add(string logFileName, ILocalStream stream) => ByLogFile[logFileName] = stream;

    public static void Remove(string logFileName) => ByLogFile.TryRemove(logFileName, out _);

    public static ILocalStream? Find(string logFileName) => ByLogFile.GetValueOrDefault(logFileName);
}
