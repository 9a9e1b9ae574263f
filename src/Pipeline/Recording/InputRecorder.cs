using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;
using Microsoft.Win32.SafeHandles;

namespace ExecutionPipeline.Pipeline.Recording;

/// <summary>
/// Follows the ring on a thread of its own and writes the input part of every event to a file, so that the run can be
/// replayed. The ring waits for it: a recording is whole or the run fails.
/// </summary>
public sealed class InputRecorder : IValueEventHandler<PipelineEvent>, IDisposable
{
    private const int BufferRecords = 1024;

    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = new byte[BufferRecords * PipelineEvent.InputSizeBytes];
    private int _buffered;
    private long _position;

    /// <summary>Creates or overwrites <paramref name="path"/>.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public InputRecorder(string path, ConfigurationHash configuration)
    {
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        var header = new InputFileHeader
        {
            Magic = InputFileHeader.MagicValue,
            Version = InputFileHeader.CurrentVersion,
            RecordBytes = PipelineEvent.InputSizeBytes,
            Configuration = configuration,
        };
        Write(MemoryMarshal.AsBytes(new ReadOnlySpan<InputFileHeader>(in header)));
    }

    /// <summary>Events written or buffered so far.</summary>
    public long Count { get; private set; }

    public void OnEvent(ref PipelineEvent data, long sequence, bool endOfBatch)
    {
        var input = MemoryMarshal.AsBytes(new ReadOnlySpan<PipelineEvent>(in data))[..PipelineEvent.InputSizeBytes];
        input.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += input.Length;
        Count++;
        if (_buffered == _buffer.Length)
            Flush();
    }

    public void OnShutdown() => Flush();

    public void Dispose()
    {
        if (_file.IsClosed)
            return;

        Flush();
        _file.Dispose();
    }

    private void Flush()
    {
        Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, _position);
        _position += bytes.Length;
    }
}
