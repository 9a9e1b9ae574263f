using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Cli.Tests.CommandLine;

public sealed class CommandFaultTests
{
    private static readonly (Exception Problem, int Code)[] Faults =
    [
        (new UsageException("a"), ExitCode.Unusable),
        (new ModelFileException("a"), ExitCode.Unusable),
        (new MarketDataException("a"), ExitCode.Unusable),
        (new InvalidDataException("a"), ExitCode.Unusable),
        (new FormatException("a"), ExitCode.Unusable),
        (new FileNotFoundException("a"), ExitCode.Unusable),
        (new DirectoryNotFoundException("a"), ExitCode.Unusable),
        (new UnauthorizedAccessException("a"), ExitCode.Unusable),
        (new RegistrationException(
            1, 11, Aeron.Protocol.ErrorCode.GENERIC_ERROR, "ArgumentException : a term is too short"),
            ExitCode.Unusable),
        (new RegistrationException(
            1, 11, Aeron.Protocol.ErrorCode.GENERIC_ERROR, "java.lang.IllegalArgumentException : a"),
            ExitCode.Unusable),
        (new IOException("a"), ExitCode.Failed),
        (new TimeoutException("a"), ExitCode.Failed),
        (new DllNotFoundException("a"), ExitCode.Failed),
        (new AggregateException(new UsageException("a")), ExitCode.Unusable),
        (new OperationCanceledException("a"), ExitCode.Interrupted),
    ];

    [TestCaseSource(nameof(Faults))]
    public void ShouldGiveCodeAndOneLineWhenTheWorldOutsideIsAtFault((Exception Problem, int Code) fault)
    {
        Assert.That(CommandFault.CodeOf(fault.Problem), Is.EqualTo(fault.Code));
        Assert.That(CommandFault.Describe(fault.Problem), Does.Not.Contain("defect").And.Not.Contain("Exception"));
    }

    [Test]
    public void ShouldSayThatItIsADefectWhenNothingElseExplainsIt() => Assert.That(
        CommandFault.Describe(new InvalidOperationException("a")), Does.StartWith("a defect of this program: "));

    [TestCase("a\nb", "a b")]
    [TestCase("a\u001b[31mb", @"a\x1B[31mb")]
    [TestCase("caf\u00e9 \u65e5\u672c", "caf\u00e9 \u65e5\u672c")]
    [TestCase("a\u202eb\0", @"a\u202Eb\x00")]
    public void ShouldEscapeWhatATerminalWouldObey(string text, string expected) =>
        Assert.That(PrintableText.Line(text), Is.EqualTo(expected));

    [TestCase("Access to the path is denied.", "standard output is closed")]
    [TestCase("Access to the path '/x' is denied.", "Access to the path '/x' is denied.")]
    public void ShouldNameStandardOutputWhenNoPathIsDenied(string message, string expected) =>
        Assert.That(CommandFault.Describe(new UnauthorizedAccessException(message)), Is.EqualTo(expected));
}
