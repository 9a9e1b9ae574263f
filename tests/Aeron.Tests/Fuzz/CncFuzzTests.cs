using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Monitoring;
using ExecutionPipeline.Aeron.Protocol;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Tests.Fuzz;

/// <summary>
/// Command-and-control files cut short or spoilt: whoever opens one gets a clear error or what is there.
/// </summary>
public sealed class CncFuzzTests : AeronTestBase
{
    private const int HeaderLength = 128;
    private const int RecordedLength = 96 * 1024;

    private string CncPath => Path.Combine(Directory, CncFileDescriptor.CNC_FILE);

    [Test]
    public void ShouldShowOrRefuseWhateverTheFileIs()
    {
        var random = TestSeed.NewRandom();
        var original = RecordOne();
        var (shown, refused) = (0, 0);
        var cases = FuzzCases.Percent(2);
        for (var i = 0L; i < cases; i++)
        {
            File.WriteAllBytes(CncPath, Spoilt(random, original));
            try
            {
                using var monitor = DriverMonitor.Open(Directory);
                monitor.Counters();
                monitor.Errors();
                monitor.Streams();
                monitor.DescribeDeath(timeoutMs: 1);
                if (i % 64 == 0)
                    ConnectInVain();

                shown++;
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException)
            {
                refused++;
                Assert.That(exception.Message, Does.Contain(CncPath));
            }
        }

        Assert.That(shown, Is.Positive);
        Assert.That(refused, Is.Positive);
    }

    private byte[] RecordOne()
    {
        using (MediaDriver.Launch(new MediaDriver.Context()
                   .AeronDirectoryName(Directory)
                   .ThreadingMode(ThreadingMode.INVOKER)
                   .DirDeleteOnShutdown(false)
                   .ConductorBufferLength(4096 + RingBufferDescriptor.TrailerLength)
                   .ToClientsBufferLength(4096 + BroadcastBufferDescriptor.TrailerLength)
                   .CounterValuesBufferLength(64 * 1024)
                   .ErrorBufferLength(4096)))
        {
        }

        return File.ReadAllBytes(CncPath);
    }

    private static byte[] Spoilt(Random random, byte[] original)
    {
        var file = random.Next(3) switch
        {
            0 => original.AsSpan(0, random.Next(original.Length)).ToArray(),
            1 => original.AsSpan(0, Math.Min(original.Length, random.Next(RecordedLength))).ToArray(),
            _ => original.AsSpan().ToArray(),
        };
        if (file.Length < HeaderLength + sizeof(long))
            return file;

        var buffer = new UnsafeBuffer(file);
        for (var edits = random.Next(3); edits > 0; edits--)
            buffer.PutInt(random.Next(5) == 0 ? 0 : 4 * random.Next(14), FuzzCases.Number(random));

        for (var edits = random.Next(200); edits > 0; edits--)
            buffer.PutInt(4 * random.Next(HeaderLength / 4, file.Length / 4), FuzzCases.Number(random));

        return file;
    }

    private void ConnectInVain()
    {
        try
        {
            AeronClient.Connect(new AeronClient.Context()
                .AeronDirectoryName(Directory)
                .DriverTimeoutMs(1)
                .ErrorHandler(new CallbackErrorHandler(Record))).Dispose();
        }
        catch (Exception exception) when (exception is AeronException or IOException or InvalidDataException)
        {
            // There is no driver behind any of these files.
        }
    }
}
