using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native;

/// <summary>What the kernel recorded.</summary>
public enum KernelEventKind
{
    /// <summary>Another thread took the processor before this one gave it up.</summary>
    Preempted,

    /// <summary>The thread gave the processor up: it waits for something.</summary>
    GaveUp,

    /// <summary>The thread has the processor.</summary>
    Began,

    /// <summary>The thread touched a page that was not there.</summary>
    PageFault,

    /// <summary>An interrupt, or work that one has put off, began to hold the thread up.</summary>
    InterruptBegan,

    /// <summary>It gave the processor back to the thread.</summary>
    InterruptEnded,

    /// <summary>There was no room for some of what happened.</summary>
    Lost,
}

/// <summary>Something that happened on one processor.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="AtNs">When, by the system's monotonic clock in nanoseconds.</param>
/// <param name="Thread">Whose, as the system numbers threads.</param>
/// <param name="Other">Of a switch, who has the processor next, or had it before; 0: nobody. Of an interrupt, which one
/// it is, for <see cref="KernelRecord.InterruptName"/>. Else without a meaning.</param>
public readonly record struct KernelEvent(KernelEventKind Kind, long AtNs, int Thread, int Other);

/// <summary>
/// The kernel's own record of who had a processor and when, of page faults, and of interrupts where it may be had
/// (Linux, perf_event_open(2)). The kernel writes it into memory that is shared with it; one thread reads it now and
/// then.
/// </summary>
public sealed unsafe partial class KernelRecord : IDisposable
{
    private const int Pages = 128;
    private const int HeaderBytes = 8;
    private const int LargestRecordBytes = 1 << 16;
    private const int ProtectReadWrite = 3;
    private const int MapShared = 1;
    private const int AnyProcess = -1;
    private const int NoGroup = -1;
    private const ulong CloseOnExec = 8;

    // Of struct perf_event_mmap_page.
    private const int HeadOffset = 1024;
    private const int TailOffset = 1032;

    private readonly List<Buffer> _buffers = [];
    private readonly byte[] _record = new byte[LargestRecordBytes];
    private readonly InterruptTracepoints? _interrupts = InterruptTracepoints.TryFind();

    private KernelRecord()
    {
        if (_interrupts is null)
            InterruptProblem = "the tracing file system cannot be read at /sys/kernel/tracing";
    }

    /// <summary>Why interrupts are not in it; null: they are.</summary>
    public string? InterruptProblem { get; private set; }

    /// <summary>What the kernel calls an interrupt.</summary>
    public string InterruptName(int interrupt) => _interrupts!.NameOf(interrupt);

    /// <summary>
    /// Begins to record on some processors. Null, and why, where the system does not allow it: not Linux on x64 or
    /// arm64, perf_event_paranoid above 0 without CAP_PERFMON, or a container that forbids the call.
    /// </summary>
    public static KernelRecord? TryOpen(IEnumerable<int> processors, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(processors);
        problem = null;
        var record = new KernelRecord();
        foreach (var processor in processors)
        {
            problem ??= record.Open(processor);
        }

        if (problem is null)
            return record;

        record.Dispose();
        return null;
    }

    /// <summary>Adds what was recorded since the last reading, each processor's by itself, in the order of time.
    /// </summary>
    public void Read(ICollection<KernelEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        foreach (var buffer in _buffers)
        {
            // Pairs with the kernel's release of the head: the records before it are whole.
            var head = Volatile.Read(ref buffer.Head);
            var tail = buffer.Tail;
            while (tail < head)
                tail += Take(buffer, tail, into);

            // Pairs with the kernel's reading: what is before the tail may be written over.
            Volatile.Write(ref buffer.Tail, tail);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
            buffer.Dispose();
        _buffers.Clear();
    }

    private string? Open(int processor)
    {
        long call = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 298,
            Architecture.Arm64 => 241,
            _ => 0,
        };
        if (!OperatingSystem.IsLinux() || call == 0)
            return "the kernel's record can be had on Linux for x64 and arm64 only";

        var attributes = Attributes.OfSwitchesAndFaults;
        var file = (int)PerfEventOpen(call, &attributes, AnyProcess, processor, NoGroup, CloseOnExec);
        if (file < 0)
        {
            return $"the kernel does not tell of processor {processor}: {LastError()}; it takes CAP_PERFMON, or "
                + "kernel.perf_event_paranoid at 0 or less";
        }

        var bytes = (1 + Pages) * Environment.SystemPageSize;
        var address = Map(0, (nuint)bytes, ProtectReadWrite, MapShared, file, 0);
        if (address == -1)
        {
            var error = LastError();
            _ = Close(file);
            return $"there is no room for the kernel's record of processor {processor}: {error}";
        }

        var buffer = new Buffer(file, address, bytes);
        _buffers.Add(buffer);
        foreach (var identifier in _interrupts?.Identifiers ?? [])
            InterruptProblem ??= AddTo(buffer, call, processor, identifier);
        return null;
    }

    /// <summary>Has the kernel write what comes by a tracepoint into a processor's memory, too.</summary>
    private static string? AddTo(Buffer buffer, long call, int processor, int tracepoint)
    {
        const ulong setOutput = 0x2405;
        var attributes = Attributes.OfTracepoint(tracepoint);
        var file = (int)PerfEventOpen(call, &attributes, AnyProcess, processor, NoGroup, CloseOnExec);
        if (file < 0)
        {
            return $"the kernel does not tell of interrupts on processor {processor}: {LastError()}; it takes "
                + "CAP_PERFMON, or kernel.perf_event_paranoid at -1";
        }

        buffer.Add(file);
        return Control(file, setOutput, buffer.File) == 0
            ? null
            : $"the kernel does not write interrupts of processor {processor}: {LastError()}";
    }

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    /// <summary>Takes one record, and returns how long it is in bytes.</summary>
    private int Take(Buffer buffer, long place, ICollection<KernelEvent> into)
    {
        buffer.Copy(place, _record.AsSpan(0, HeaderBytes));
        var type = MemoryMarshal.Read<uint>(_record);
        var misc = MemoryMarshal.Read<ushort>(_record.AsSpan(4));
        var length = MemoryMarshal.Read<ushort>(_record.AsSpan(6));
        var body = _record.AsSpan(0, Math.Max(0, length - HeaderBytes));
        buffer.Copy(place + HeaderBytes, body);
        if (TryRead((RecordType)type, misc, body, out var e))
            into.Add(e);

        // A record without a length is damage: all that is there is skipped.
        return length >= HeaderBytes ? length : int.MaxValue;
    }

    /// <summary>
    /// A record of a switch ends, as one of a loss does, with process, thread, time and processor; that of a fault
    /// begins so, and that of a tracepoint goes on with the tracepoint's own record, whose first two bytes name it.
    /// </summary>
    private bool TryRead(RecordType type, ushort misc, ReadOnlySpan<byte> body, out KernelEvent e)
    {
        const int otherThread = 4;
        const int identityBytes = 24;
        const int thread = 4;
        const int time = 8;
        const ushort isOut = 1 << 13;
        const ushort isPreemption = 1 << 14;
        e = default;
        if (body.Length < identityBytes)
            return false;

        var identity = type == RecordType.Sample ? body : body[^identityBytes..];
        var (who, atNs) = (MemoryMarshal.Read<int>(identity[thread..]), MemoryMarshal.Read<long>(identity[time..]));
        switch (type)
        {
            case RecordType.SwitchOfProcessor:
                var kind = (misc & isOut) == 0 ? KernelEventKind.Began
                    : (misc & isPreemption) != 0 ? KernelEventKind.Preempted
                    : KernelEventKind.GaveUp;
                e = new KernelEvent(kind, atNs, who, MemoryMarshal.Read<int>(body[otherThread..]));
                return true;
            case RecordType.Sample when body.Length > identityBytes:
                var tracepoint = MemoryMarshal.Read<ushort>(body[(identityBytes + sizeof(uint))..]);
                if (_interrupts?.TryFind(tracepoint, out var found) != true)
                    return false;

                var kindOfInterrupt = found.Begins ? KernelEventKind.InterruptBegan : KernelEventKind.InterruptEnded;
                e = new KernelEvent(kindOfInterrupt, atNs, who, found.Interrupt);
                return true;
            case RecordType.Sample:
                e = new KernelEvent(KernelEventKind.PageFault, atNs, who, 0);
                return true;
            case RecordType.Lost:
                e = new KernelEvent(KernelEventKind.Lost, atNs, who, 0);
                return true;
            default:
                return false;
        }
    }

    private enum RecordType
    {
        Lost = 2,
        Sample = 9,
        SwitchOfProcessor = 15,
    }

    /// <summary>The memory that is shared with the kernel for one processor.</summary>
    private sealed class Buffer(int file, nint address, int bytes) : IDisposable
    {
        private readonly List<int> _others = [];
        private readonly byte* _data = (byte*)address + Environment.SystemPageSize;
        private readonly int _dataBytes = bytes - Environment.SystemPageSize;

        public int File => file;

        public ref long Head => ref *(long*)(address + HeadOffset);

        public ref long Tail => ref *(long*)(address + TailOffset);

        /// <summary>Copies from a place that counts all bytes since the start; a record may go over the end.</summary>
        public void Copy(long place, Span<byte> to)
        {
            var first = (int)(place & (_dataBytes - 1));
            var untilEnd = Math.Min(to.Length, _dataBytes - first);
            new ReadOnlySpan<byte>(_data + first, untilEnd).CopyTo(to);
            new ReadOnlySpan<byte>(_data, to.Length - untilEnd).CopyTo(to[untilEnd..]);
        }

        /// <summary>Takes a file over whose records come here, too.</summary>
        public void Add(int other) => _others.Add(other);

        public void Dispose()
        {
            foreach (var other in _others)
                _ = Close(other);
            _ = Unmap(address, (nuint)bytes);
            _ = Close(file);
        }
    }

    /// <summary>struct perf_event_attr in its fifth version.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
    private struct Attributes
    {
        private const int SizeBytes = 112;
        private const uint Software = 1;
        private const uint Tracepoint = 2;
        private const ulong PageFaults = 2;
        private const ulong ThreadAndTime = 0x2 | 0x4;
        private const ulong OfProcessor = 0x80;
        private const ulong OwnRecord = 0x400;
        private const ulong IdentifiesAll = 1UL << 18;
        private const ulong UsesClock = 1UL << 25;
        private const ulong TellsSwitches = 1UL << 26;
        private const int MonotonicClock = 1;

        [FieldOffset(0)]
        private uint _type;
        [FieldOffset(4)]
        private uint _size;
        [FieldOffset(8)]
        private ulong _event;
        [FieldOffset(16)]
        private ulong _period;
        [FieldOffset(24)]
        private ulong _sampleType;
        [FieldOffset(40)]
        private ulong _flags;
        [FieldOffset(92)]
        private int _clock;

        public static Attributes OfSwitchesAndFaults =>
            Each(Software, PageFaults) with { _flags = IdentifiesAll | UsesClock | TellsSwitches };

        public static Attributes OfTracepoint(int tracepoint) =>
            Each(Tracepoint, (ulong)tracepoint) with { _sampleType = ThreadAndTime | OfProcessor | OwnRecord };

        /// <summary>Each time that something happens: whose it was, where and when.</summary>
        private static Attributes Each(uint type, ulong number) => new()
        {
            _type = type,
            _size = SizeBytes,
            _event = number,
            _period = 1,
            _sampleType = ThreadAndTime | OfProcessor,
            _flags = IdentifiesAll | UsesClock,
            _clock = MonotonicClock,
        };
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long PerfEventOpen(
        long call, Attributes* attributes, int process, int processor, int group, ulong flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int file, ulong request, nint argument);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
