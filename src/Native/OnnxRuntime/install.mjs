// Installs the locked package beside this file. It is installed into a folder of this process's own and then renamed
// into place, so builds that run at the same time never see, or compile, half of it.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const staging = join(here, 'obj', `install-${process.pid}`);
const retired = join(staging, 'retired');
const lockFile = join('node_modules', '.package-lock.json');
// Three quarters of the package are libraries for telephones, which no build here refers to.
const unused = ['Plugins/Android', 'Plugins/iOS~'];

mkdirSync(staging, { recursive: true });
try {
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    copyFileSync(join(here, file), join(staging, file));
  }
  const npm = spawnSync('npm ci --loglevel=error', { cwd: staging, shell: true, encoding: 'utf8' });
  if (npm.status !== 0) {
    const output = `${npm.stderr}\n${npm.stdout}`.split('\n');
    const lines = output.map((line) => line.replace(/^npm (error|ERR!)/, '').trim());
    const reason = lines.filter((line) => line !== '').slice(0, 3).join('; ');
    console.error(`npm could not install ONNX Runtime's package: ${reason}`);
    process.exitCode = 1;
  } else {
    for (const folder of unused) {
      rmSync(join(staging, 'node_modules', 'com.github.asus4.onnxruntime', folder), { recursive: true, force: true });
    }
    const now = new Date();
    utimesSync(join(staging, lockFile), now, now);
    putInPlace();
  }
} finally {
  rmSync(staging, { recursive: true, force: true });
}

// A folder cannot be renamed over another, so an older one is moved away first. When two builds meet here, one of
// them loses the race and finds the same content already there.
function putInPlace() {
  try {
    renameSync(modules, retired);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  try {
    renameSync(join(staging, 'node_modules'), modules);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error;
  }
}
