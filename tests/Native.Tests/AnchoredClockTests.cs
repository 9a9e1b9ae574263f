namespace ExecutionPipeline.Native.Tests;

public sealed class AnchoredClockTests
{
    private const long Second = 1_000_000_000;
    private const long Epoch = 1_790_000_000 * Second;

    private ManualClocks _clocks = null!;
    private AnchoredClock<ManualClocks> _clock = null!;

    [SetUp]
    public void SetUp()
    {
        _clocks = new ManualClocks { WallOffsetNs = Epoch };
        _clock = new AnchoredClock<ManualClocks>(_clocks);
    }

    [Test]
    public void ShouldShowTheWallClockWhenNobodyStepsIt()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _clocks.NowNs += 777_777;
            Assert.That(_clock.NowNs(), Is.EqualTo(Epoch + _clocks.NowNs));
        }

        Assert.That(_clock.StepCount, Is.Zero);
        Assert.That(_clock.WallAheadNs(), Is.Zero);
    }

    [Test]
    public void ShouldRunOnAtABoundedRateWhenTheWallClockIsStepped(
        [Values(30 * Second, -30 * Second, 3600 * Second, -3600 * Second)] long stepNs)
    {
        _clocks.WallOffsetNs += stepNs;
        var last = _clock.NowNs();
        for (var i = 0; i < 1_000; i++)
        {
            _clocks.NowNs += Second;
            var now = _clock.NowNs();
            Assert.That(now - last, Is.InRange(Second - Second / 100, Second + Second / 100), $"at second {i}");
            last = now;
        }

        Assert.That(_clock.StepCount, Is.EqualTo(1));
        Assert.That(_clock.LastStepNs, Is.EqualTo(stepNs));
        Assert.That(last + _clock.WallAheadNs(), Is.EqualTo(_clocks.WallOffsetNs + _clocks.NowNs));
    }

    [Test]
    public void ShouldReachTheWallClockAgainWhenTheStepIsSlewedIn([Values(Second, -Second)] long stepNs)
    {
        _clocks.WallOffsetNs += stepNs;
        for (var i = 0; i < 102; i++)
        {
            _clocks.NowNs += Second;
            _clock.NowNs();
        }

        Assert.That(_clock.NowNs(), Is.EqualTo(_clocks.WallOffsetNs + _clocks.NowNs));
        Assert.That(_clock.WallAheadNs(), Is.Zero);
    }

    [Test]
    public void ShouldCountEachStepWhenThereAreSeveral()
    {
        foreach (var stepNs in (long[])[5 * Second, -7 * Second, 999_999, 1_000_000])
        {
            _clocks.WallOffsetNs += stepNs;
            _clocks.NowNs += AnchoredClock<ManualClocks>.CheckIntervalNs;
            _clock.NowNs();
        }

        Assert.That(_clock.StepCount, Is.EqualTo(3), "less than a millisecond is none");
        Assert.That(_clock.LastStepNs, Is.EqualTo(1_000_000));
    }

    [Test]
    public void ShouldLookPastWhatTheMeasurementLeavesUncertain()
    {
        _clocks.UncertaintyNs = 2_000_000;
        _clocks.WallOffsetNs += 1_900_000;
        _clocks.NowNs += Second;
        Assert.That(_clock.NowNs(), Is.EqualTo(Epoch + Second));
        Assert.That(_clock.StepCount, Is.Zero);
    }

    [Test]
    public void ShouldNeverRunBackwardsWhenStepsComeAtRandom()
    {
        var random = new Random(20_260_728);
        var last = _clock.NowNs();
        for (var i = 0; i < 100_000; i++)
        {
            if (random.Next(50) == 0)
                _clocks.WallOffsetNs += random.NextInt64(-100 * Second, 100 * Second);

            _clocks.NowNs += random.Next(2_000_000);
            var now = _clock.NowNs();
            Assert.That(now, Is.GreaterThanOrEqualTo(last));
            last = now;
        }
    }

    /// <summary>As a process does whose journal ends ahead of a wall clock that was stepped back.</summary>
    [Test]
    public void ShouldRunFromALaterMomentDownToTheWallClockWhenItGoesOnFromThere(
        [Values(Second, 3600 * Second)] long leadNs)
    {
        _clocks.NowNs += 7 * Second;
        var wallNs = _clocks.WallOffsetNs + _clocks.NowNs;
        Assert.That(_clock.GoOnFrom(wallNs + leadNs), Is.EqualTo(leadNs));
        Assert.That(_clock.NowNs(), Is.EqualTo(wallNs + leadNs));
        Assert.That(_clock.WallAheadNs(), Is.EqualTo(-leadNs));

        var last = _clock.NowNs();
        for (var i = 0; i < 99; i++)
        {
            _clocks.NowNs += Second;
            var now = _clock.NowNs();
            Assert.That(now - last, Is.EqualTo(Second - Second / 100), $"at second {i}");
            Assert.That(now + _clock.WallAheadNs(), Is.EqualTo(_clocks.WallOffsetNs + _clocks.NowNs));
            last = now;
        }

        _clocks.NowNs += 100 * leadNs;
        Assert.That(_clock.NowNs(), Is.EqualTo(_clocks.WallOffsetNs + _clocks.NowNs));
        Assert.That(_clock.WallAheadNs(), Is.Zero);
        Assert.That(_clock.StepCount, Is.Zero, "nobody has stepped the wall clock since");
    }

    [Test]
    public void ShouldStayAsItIsWhenItGoesOnFromAMomentThatHasPassed()
    {
        _clocks.NowNs += Second;
        Assert.That(_clock.GoOnFrom(Epoch + Second), Is.Zero);
        Assert.That(_clock.GoOnFrom(0), Is.Zero);
        Assert.That(_clock.NowNs(), Is.EqualTo(Epoch + Second));
        Assert.That(_clock.WallAheadNs(), Is.Zero);
    }

    [Test]
    public void ShouldStillKnowTheWallClockWhenThatIsSteppedWhileItIsAhead()
    {
        _clock.GoOnFrom(Epoch + 60 * Second);
        _clocks.WallOffsetNs -= 30 * Second;
        _clocks.NowNs += Second;
        var now = _clock.NowNs();

        Assert.That(now, Is.EqualTo(Epoch + 61 * Second - Second / 100));
        Assert.That(now + _clock.WallAheadNs(), Is.EqualTo(_clocks.WallOffsetNs + _clocks.NowNs));
        Assert.That((_clock.StepCount, _clock.LastStepNs), Is.EqualTo((1L, -30 * Second)));
    }

    [Test]
    public void ShouldAgreeAcrossClocksThatWereAnchoredAtDifferentTimes()
    {
        var kernel = default(KernelClocks);
        var offsetNs = kernel.MeasureWallOffsetNs(out var firstUncertaintyNs);
        for (var i = 0; i < 1_000; i++)
        {
            var againNs = kernel.MeasureWallOffsetNs(out var uncertaintyNs);
            Assert.That(Math.Abs(againNs - offsetNs), Is.LessThanOrEqualTo(firstUncertaintyNs + uncertaintyNs));
        }
    }

    [Test]
    public void ShouldAllocateNothingWhenRead() =>
        Assert.That(AllocationMeter.FewestBytesOf(_ => NanoClock.NowNs(), warmUp: 1, measured: 10_000), Is.Zero);

    private sealed class ManualClocks : IClockSource
    {
        public long NowNs { get; set; }

        public long WallOffsetNs { get; set; }

        public long UncertaintyNs { get; set; }

        public long MonotonicNs() => NowNs;

        public long MeasureWallOffsetNs(out long uncertaintyNs)
        {
            uncertaintyNs = UncertaintyNs;
            return WallOffsetNs;
        }
    }
}
