import { allTasks, cleanTasks, startTask, type Task, task } from './index.js'

const end: () => void = startTask()
end()

export const later: Task<number> = task(async () => 1)
export const now: Task<string> = task(() => 'text')
export const promise: Promise<number> = later
export const awaited: number = await later
export const done: Promise<void> = allTasks()
export const nothing: void = cleanTasks()
// @ts-expect-error The value is a number.
export const wrong: Task<string> = task(async () => 1)
// @ts-expect-error A promise is no task.
export const bare: Task<number> = Promise.resolve(1)
// @ts-expect-error It needs a function.
task(Promise.resolve(1))
