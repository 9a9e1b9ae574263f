using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ring;
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
    private readonly byte[] _buffer = new byte[BufferRecords * InputRecord.SizeBytes];
    private int _buffered;
    private bool _hasFailed;
    private bool _hasEnded;
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
            RecordBytes = InputRecord.SizeBytes,
            Configuration = configuration,
        };
        Write(MemoryMarshal.AsBytes(new ReadOnlySpan<InputFileHeader>(in header)));
    }

    /// <summary>Events written or buffered so far.</summary>
    public long Count { get; private set; }

    /// <summary>Takes every event, those too that no stage handles after a failure elsewhere.</summary>
    public void OnEvent(ref PipelineEvent data, long sequence, bool endOfBatch)
    {
        if (_hasFailed)
            return;

        try
        {
            Append(in data);
        }
        catch (Exception cause)
        {
            throw Failed(cause);
        }
    }

    public void OnShutdown()
    {
        if (_hasFailed)
            return;

        try
        {
            Flush();
        }
        catch (Exception cause)
        {
            throw Failed(cause);
        }
    }

    /// <summary>Writes what is left and the end record, after the last event; a failure is latched.</summary>
    public void Finish(TradingFault fault)
    {
        try
        {
            End();
        }
        catch (StageException problem)
        {
            fault.Latch(problem.Stage, problem.InnerException!);
        }
    }

    public void Dispose()
    {
        if (_file.IsClosed)
            return;

        try
        {
            End();
        }
        finally
        {
            _file.Dispose();
        }
    }

    /// <summary>Once: the end record tells a whole recording from one that was cut off between two events.</summary>
    private void End()
    {
        if (_hasFailed || _hasEnded)
            return;

        _hasEnded = true;
        var end = default(PipelineEvent);
        end.Header.CorrelationId = (ulong)Count;
        OnEvent(ref end, 0, endOfBatch: true);
        Count--;
        OnShutdown();
    }

    private void Append(ref readonly PipelineEvent e)
    {
        var input = MemoryMarshal.AsBytes(new ReadOnlySpan<PipelineEvent>(in e))[..PipelineEvent.InputSizeBytes];
        var record = _buffer.AsSpan(_buffered, InputRecord.SizeBytes);
        input.CopyTo(record);
        var checksum = InputRecord.ChecksumOf(input, Count++);
        BinaryPrimitives.WriteUInt64LittleEndian(record[input.Length..], checksum);
        _buffered += record.Length;
        if (_buffered == _buffer.Length)
            Flush();
    }

    private void Flush()
    {
        Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    private StageException Failed(Exception cause)
    {
        _hasFailed = true;
        return new StageException("the recorder", cause);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, _position);
        _position += bytes.Length;
    }
}
